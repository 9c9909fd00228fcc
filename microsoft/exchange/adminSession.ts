import type { Workload } from "../../components/catalog/workloads";
import { Failure } from "../../system/failure";
import { type Pause, pauseByClock, retry } from "../../system/retry";
import { type HttpAnswer, NoAnswer, parseObject, retryAfterSeconds } from "../http";
import {
  type AdminApiCaller,
  type Cmdlet,
  cmdletError,
  exportedCmdlets,
  type ExportedCmdlet,
  findAdminApi,
  invokeCmdlet,
  rowsOf,
} from "./adminApi";

/** One object that a cmdlet answers. */
export type Row = Readonly<Record<string, unknown>>;

/** How a caller comes to be allowed, the first time too. */
const whoMay =
  "Whoever runs it needs Exchange.ManageAsApp and a role there, such as Role Management. How the first one is given: https://github.com/apponly/apponly/blob/main/docs/how-to/exchange-roles.md#what-the-deployer-needs";

/** Why a cmdlet has not done what it was asked for. */
export class CmdletFailure extends Failure {
  constructor(
    readonly cmdlet: string,
    /**
     * `absent`: an object that it names is not there. `exists`: it is there already. `denied`: the
     * caller may not, or not yet. `passing`: it may work later.
     */
    readonly kind: "absent" | "exists" | "denied" | "passing" | "other",
    /** What the workload says; empty where it says nothing. */
    readonly reason: string,
    readonly retryAfter?: number,
  ) {
    const said = reason || "the workload refuses it without saying why";
    super(`${cmdlet}: ${said}${kind === "denied" ? `. ${whoMay}` : ""}`);
  }
}

/** A workload's cmdlets, for whoever its tokens speak for. */
export interface AdminSession {
  readonly workload: Workload;
  /**
   * Runs a cmdlet and answers every row, from however many pages.
   *
   * @param options.fresh Whether it names something that was just made, which the workload may not
   * know everywhere yet: that it is absent is then asked again.
   * @throws {CmdletFailure} If it is refused, or a page of its answer is: a list that could not be
   * read to its end is never taken for all there is.
   * @throws {NoAnswer} If the workload cannot be reached.
   */
  run(
    name: string,
    parameters?: Cmdlet["parameters"],
    options?: { readonly fresh?: boolean },
  ): Promise<Row[]>;
  /** What the token may run. @throws {CmdletFailure} If the workload does not tell. */
  exported(): Promise<readonly ExportedCmdlet[]>;
}

/** Who runs cmdlets, with a token that is asked for when it is wanted. */
export interface AdminSessionOptions extends Omit<AdminApiCaller, "token"> {
  /** @param fresh Whether one that is at hand is not to be used. */
  readonly token: (fresh: boolean) => Promise<string>;
  readonly pause?: Pause;
}

/** How often one request is made in all, and seconds between. */
const cmdletAttempts = 5;
const secondsBetween = 4;

/**
 * Opens a session; nothing is requested yet.
 *
 * @example const rows = await adminSession(options).run("Get-RoleGroup");
 */
export function adminSession(options: AdminSessionOptions): AdminSession {
  const { workload, token, pause = pauseByClock } = options;
  let server: Promise<string> | undefined;
  const callerWith = async (fresh: boolean): Promise<AdminApiCaller> => ({
    ...options,
    token: await token(fresh),
  });
  const find = async (fresh: boolean): Promise<string> => {
    const base = await findAdminApi(await callerWith(fresh));
    if (typeof base !== "string") {
      throw cmdletFailure("EXOModuleFile", base);
    }
    return base;
  };
  const asked = <T>(
    run: (caller: AdminApiCaller, base: string) => Promise<T>,
    fresh = false,
  ): Promise<T> => {
    let denied = 0;
    return retry(
      async () => {
        server ??= find(denied > 0);
        try {
          return await run(await callerWith(denied > 0), await server);
        } catch (error) {
          server = undefined;
          throw error;
        }
      },
      {
        attempts: cmdletAttempts,
        pause,
        waitAfter: (error) => {
          if (error instanceof NoAnswer) {
            return secondsBetween;
          }
          if (!(error instanceof CmdletFailure)) {
            return undefined;
          }
          // Without a reason it is a token from before a grant, or a grant that has not arrived.
          denied += error.kind === "denied" && error.reason === "" ? 1 : 0;
          const mayPass =
            error.kind === "passing" ||
            (error.kind === "denied" && error.reason === "" && denied < 4) ||
            (fresh && error.kind === "absent");
          return mayPass ? (error.retryAfter ?? secondsBetween) : undefined;
        },
      },
    );
  };
  return {
    workload,
    run: async (name, parameters = {}, { fresh } = {}) => {
      const rows: Row[] = [];
      let page: string | undefined;
      do {
        const at: string | undefined = page;
        const answer = await asked(async (caller, base) => {
          const one = await invokeCmdlet(caller, base, { name, parameters }, at);
          if (one.status !== 200) {
            throw cmdletFailure(name, one);
          }
          return one;
        }, fresh);
        const found = rowsOf(answer);
        if (found === undefined) {
          throw cmdletFailure(name, answer);
        }
        rows.push(...(found as Row[]));
        page = nextPage(answer, options);
      } while (page !== undefined);
      return rows;
    },
    exported: () =>
      asked(async (caller, base) => {
        const cmdlets = await exportedCmdlets(caller, base);
        if (!Array.isArray(cmdlets)) {
          throw cmdletFailure("EXOModuleFile", cmdlets as HttpAnswer);
        }
        return cmdlets as readonly ExportedCmdlet[];
      }),
  };
}

/** The address of a next page; the token goes there, so it has to be of the same service. */
function nextPage(
  { body }: HttpAnswer,
  { endpoints, workload }: Pick<AdminSessionOptions, "endpoints" | "workload">,
): string | undefined {
  const link = (parseObject(body) as Record<string, unknown> | undefined)?.["@odata.nextLink"];
  if (typeof link !== "string") {
    return undefined;
  }
  const { hostname } = new URL(endpoints.workloads[workload]);
  const { hostname: named } = new URL(link);
  if (named !== hostname && !named.endsWith(`.${hostname}`)) {
    throw new Failure(`The next page is at ${named}, which is not of ${hostname}: not asked.`);
  }
  return link;
}

function cmdletFailure(cmdlet: string, answer: HttpAnswer): CmdletFailure {
  const { status, headers } = answer;
  const reason = cmdletError(answer) ?? diagnostics(headers["x-ms-diagnostics"]);
  return new CmdletFailure(
    cmdlet,
    kindOfFailure(status, reason),
    reason,
    retryAfterSeconds(answer),
  );
}

/** A refusal without a body has its reason in a header: `2000008;reason="…"`. */
function diagnostics(header: string | undefined): string {
  return /reason="([^"]*)"/.exec(header ?? "")?.[1] ?? "";
}

function kindOfFailure(status: number, reason: string): CmdletFailure["kind"] {
  if (status === 429 || (status >= 500 && status !== 501)) {
    return "passing";
  }
  if (/already exists|is already (a member|in)|AlreadyExists/i.test(reason)) {
    return "exists";
  }
  if (
    /couldn't be found|wasn't found|can't be found|Couldn't find object|isn't a member|ManagementObjectNotFound/i.test(
      reason,
    )
  ) {
    return "absent";
  }
  return status === 401 || status === 403 ? "denied" : status === 404 ? "absent" : "other";
}
