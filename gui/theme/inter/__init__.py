"""Inter (SIL Open Font License, OFL.txt beside this file) in the three weights the window uses.

The files are the static Regular, Medium and SemiBold of Debian's fonts-inter 4.0~beta7, cut down with fonttools' pyftsubset to Latin,
Greek, punctuation, currency, arrows, mathematical signs and geometric shapes, with the features tnum, case, kern, calt, ccmp and locl.
"""
