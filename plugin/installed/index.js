// What Pulumi's host of Node runs, once `pulumi package add` has installed the folder.
require("apponly/plugin");
