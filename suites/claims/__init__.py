"""Does a caller who merely claims to be more get nothing for it?"""
