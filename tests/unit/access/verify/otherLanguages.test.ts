/**
 * What Windows PowerShell 5.1, PowerShell 7 and .NET say where Windows speaks another language: what tells
 * the cause is what no language changes. Made after Microsoft's own translations; nothing was recorded.
 */
import { diagnosisCodes, errorTable } from "../../../../access/verify/errorTable";
import { codesOfText } from "../../../../access/verify/symptoms";

test.each([
  [
    "German, a cmdlet that is not there",
    'Connect-ExchangeOnline : Die Benennung "Connect-ExchangeOnline" wurde nicht als Name eines Cmdlet, einer Funktion, einer\nSkriptdatei oder eines ausführbaren Programms erkannt.\nIn Zeile:1 Zeichen:1\n    + CategoryInfo          : ObjectNotFound: (Connect-ExchangeOnline:String) [], CommandNotFoundException\n    + FullyQualifiedErrorId : CommandNotFoundException',
    "module-missing",
  ],
  [
    "Japanese, one of the workload that the role does not give",
    "Get-Mailbox : 用語 'Get-Mailbox' は、コマンドレット、関数、スクリプト ファイル、または操作可能なプログラムの名前として認識されません。\n    + CategoryInfo          : ObjectNotFound: (Get-Mailbox:String) [], CommandNotFoundException",
    "cmdlet-not-allowed",
  ],
  [
    "French, scripts that may not run",
    "Impossible de charger le fichier ExchangeOnlineManagement.psm1, car l’exécution de scripts est désactivée sur ce système.\n    + CategoryInfo          : Erreur de sécurité : (:) [Import-Module], PSSecurityException\n    + FullyQualifiedErrorId : UnauthorizedAccess,Microsoft.PowerShell.Commands.ImportModuleCommand",
    "scripts-disabled",
  ],
  [
    "Japanese, an assembly that another module has loaded",
    "ファイルまたはアセンブリ 'Microsoft.Identity.Client, Version=4.66.1.0, Culture=neutral, PublicKeyToken=0a613f4dd989e8ae'、またはその依存関係の 1 つが読み込めませんでした。",
    "module-clash",
  ],
  [
    "Italian, the same by its number",
    "Impossibile caricare il file o l'assembly. (Eccezione da HRESULT: 0x80131040)",
    "module-clash",
  ],
  [
    "German, a key set",
    'Ausnahme beim Aufrufen von "SignHash" mit 2 Argument(en): "Der Schlüsselsatz ist nicht vorhanden. (Ausnahme von HRESULT: 0x80090016)"',
    "key-inaccessible",
  ],
  ["Polish, a provider, by a number with a sign", "HResult : -2146893804", "cng-key"],
  [
    "German, a key of CNG",
    'Das Objekt des Typs "System.Security.Cryptography.RSACng" kann nicht in Typ "System.Security.Cryptography.RSACryptoServiceProvider" umgewandelt werden.',
    "cng-key",
  ],
  [
    "French, a password",
    "Le mot de passe réseau spécifié est incorrect. (0x80070056)",
    "pfx-password",
  ],
  [
    "Portuguese, base64 that is none",
    'Exceção ao chamar "FromBase64String" com "1" argumento(s)\n    + FullyQualifiedErrorId : FormatException',
    "pfx-unreadable",
  ],
  [
    "Dutch, a thumbprint",
    "Get-Item : Kan pad Cert:\\CurrentUser\\My\\AB12 niet vinden\n    + CategoryInfo : ObjectNotFound: (Cert:\\CurrentUser\\My\\AB12:String) [Get-Item], ItemNotFoundException",
    "certificate-not-in-store",
  ],
  [
    "Spanish, a parameter",
    "No se encuentra ningún parámetro que coincida con el nombre del parámetro 'AccessToken'.\n    + FullyQualifiedErrorId : NamedParameterNotFound,Connect-ExchangeOnline",
    "module-outdated",
  ],
  [
    "German, a variable",
    'Das Argument kann nicht an den Parameter "String" gebunden werden, da es sich um eine leere Zeichenfolge handelt.\n    + FullyQualifiedErrorId : ParameterArgumentValidationErrorEmptyStringNotAllowed,Microsoft.PowerShell.Commands.ConvertToSecureStringCommand',
    "variable-empty",
  ],
  [
    "Spanish, a proxy",
    "Error en el servidor remoto: (407) Se requiere autenticación de proxy.",
    "proxy-answered",
  ],
  [
    "German, a service",
    "Der Remoteserver hat einen Fehler zurückgegeben: (503) Server nicht verfügbar.",
    "service-unavailable",
  ],
  [
    "Chinese, a host",
    "不知道这样的主机。\nSocketErrorCode  : HostNotFound\nNativeErrorCode  : 11001",
    "network-refused",
  ],
  [
    "Korean, a host that refuses",
    "대상 컴퓨터에서 연결을 거부했으므로 연결하지 못했습니다. (0x8007274D)",
    "network-refused",
  ],
  ["Czech, TLS", "Status : SecureChannelFailure", "tls-outdated"],
  [
    "Swedish, a certificate in between",
    "HttpRequestError : SecureConnectionError",
    "tls-intercepted",
  ],
  [
    "Russian, an organization",
    "Ошибка: InvalidOperationInDehydratedContextException",
    "customization-missing",
  ],
  [
    "German, a number of Microsoft Entra ID",
    "AADSTS7000215: Ungültiger geheimer Clientschlüssel.",
    "secret-refused",
  ],
])("%s", (_, text, code) => {
  expect(codesOfText(text)).toEqual([code]);
});

test("a text in English is told by its words, and a number by itself", () => {
  expect(
    codesOfText(
      "The specified network password is not correct. (Exception from HRESULT: 0x80090016)",
    ),
  ).toEqual(["pfx-password"]);
  expect(codesOfText("AADSTS700016: nicht gefunden (0x80090016)")).toEqual([
    "application-not-found",
  ]);
  expect(codesOfText("es gab 407 Postfächer")).toEqual([]);
  expect(codesOfText("0x8000000")).toEqual([]);
});

test("no mark is of two causes", () => {
  const all = diagnosisCodes.flatMap((code) => errorTable[code].marks ?? []);
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(50);
});
