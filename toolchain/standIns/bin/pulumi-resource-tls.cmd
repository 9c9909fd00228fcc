@node "%~dp0pulumi-resource-tls" %*
