"""The page: the same interview, report and practice in a browser, served to this machine only.

No rule lives here. A request is turned into a call of the loops and the core, what comes back is
laid out by `pages`. Microphone, loudspeaker and voice are this machine's, as in the terminal; the
browser shows, plays and sends keys.
"""
