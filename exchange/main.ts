import { serve } from "../toolchain/pluginProtocol/server";
import { exchangePlugin } from "./plugin";

void serve(exchangePlugin());
