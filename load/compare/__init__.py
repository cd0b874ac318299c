"""Whether one version costs more than another: windows of the same requests, in pairs, in random order."""
