# PowerShell completion of apponly
# https://learn.microsoft.com/powershell/module/microsoft.powershell.core/register-argumentcompleter
Register-ArgumentCompleter -Native -CommandName apponly -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
            Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
            ForEach-Object { $_.Extent.Text })
    # An empty argument is lost on the way to a program before PowerShell 7.3.
    if ($wordToComplete -eq '') { $words += '""' }
    & apponly complete '--' @words 2>$null | ForEach-Object {
        $value, $description = $_ -split "`t", 2
        $text = if ($value -match '\s') { "'" + $value + "'" } else { $value }
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $description)
    }
}
