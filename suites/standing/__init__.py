"""Does a change of standing take effect on the very next request?"""
