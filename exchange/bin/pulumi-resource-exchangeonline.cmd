@node "%~dp0pulumi-resource-exchangeonline" %*
