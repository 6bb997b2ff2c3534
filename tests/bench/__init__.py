"""Does the measurement count rightly?"""
