import { serve } from "../../pluginProtocol/server";
import { tlsPlugin } from "./plugin";

void serve(tlsPlugin());
