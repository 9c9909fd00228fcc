import { serve } from "../../pluginProtocol/server";
import { azureadPlugin } from "./plugin";

void serve(azureadPlugin(process.env));
