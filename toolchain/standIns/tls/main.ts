import { serve } from "../protocol/server";
import { tlsPlugin } from "./plugin";

void serve(tlsPlugin);
