import { serve } from "../protocol/server";
import { azureadPlugin } from "./plugin";

void serve(azureadPlugin);
