@node "%~dp0pulumi-resource-apponly" %*
