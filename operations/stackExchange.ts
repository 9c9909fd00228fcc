import { connect } from "../exchange/connections";
import type { Connections } from "../exchange/resource";
import { valuesOf } from "../components/configuration/parse";
import { environmentOf, signInSettingsOf } from "./deployer";
import type { ReadableStack } from "./readableStack";

/** Exchange's own access control of a stack's tenant, as its deployer. Nothing is asked yet. */
export async function connectStackExchange(stack: ReadableStack): Promise<Connections> {
  const texts = await signInSettingsOf(stack);
  const { cloud, organization } = valuesOf(texts, "apponly");
  return connect(
    {
      ...valuesOf(texts, "azuread"),
      ...(cloud === undefined ? {} : { cloud }),
      ...(organization === undefined ? {} : { organization }),
    },
    environmentOf(stack),
  );
}
