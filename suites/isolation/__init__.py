"""Does what somebody may not see make any difference to what they see?"""
