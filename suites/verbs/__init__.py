"""Does a path answer only what it should, whatever verb or form it is asked in?"""
