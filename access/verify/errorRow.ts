/** One cause of a broken chain. `{…}` are filled in when the cause is met. */
export interface ErrorRow {
  readonly cause: string;
  readonly remedy: string;
  /** Whether waiting may heal it: grants need minutes to reach every service. */
  readonly propagating?: boolean;
  /**
   * How the cause shows in PowerShell, where a text is known: beginnings of the messages, `…` where
   * they name an id. Several causes can share one text.
   */
  readonly symptoms?: readonly string[];
  /**
   * What stands in the text whatever language Windows and PowerShell speak: HRESULTs, names of types, of
   * errors and of what was called.
   *
   * @see https://learn.microsoft.com/windows/win32/com/com-error-codes-4
   * @see https://learn.microsoft.com/powershell/scripting/developer/cmdlet/windows-powershell-error-records
   */
  readonly marks?: readonly string[];
  /** Numbers of Microsoft Entra ID, without `AADSTS`, that always have this cause. */
  readonly numbers?: readonly number[];
  /** Whether only PowerShell meets it: before it asks Microsoft Entra ID, or in its own session. */
  readonly onlyPowerShell?: boolean;
  /** Page that says more. */
  readonly source: string;
}
