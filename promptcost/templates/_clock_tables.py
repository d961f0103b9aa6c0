"""Word tables of names that tell the time, or when something happened."""

from __future__ import annotations

from promptcost.templates._words import phrases, words

# A clock name is made of these words only: at least one of a time word, any number of the others.
# A month or a year is left out: it misses too seldom to cost anything.  Other languages follow.
DAY_WORDS = words(
    "date today todays yesterday tomorrow day week weekday dow"
    " heute tagesdatum fecha hoy hoje oggi aujourdhui jour"
)
SECOND_WORDS = words(
    "moment now time datetime timestamp clock utcnow iso8601"
    " jetzt uhrzeit zeitstempel hora ahora agora heure maintenant"
)
HOUR_WORDS = words("hour")
MINUTE_WORDS = words("minute hhmm")
CLOCK_FILLERS = words(
    "current currently utc iso local localtime server present formatted string str text is in of"
    " the line human readable actual system as long short name unix epoch posix ms millis"
    " milliseconds seconds secs gmt wall user users client query prompt rendered cur curr dt ts"
    " du de la le aktuelle aktuelles actuelle atual month year"
)
# When the prompt itself was made, which is now.
CLOCK_PHRASES = phrases(
    "request_time request_date request_timestamp generated_at rendered_at generated_on requested_at"
    " produced_at produced_on printed_at printed_on compiled_at compiled_on prepared_at prepared_on"
    " generation_date generation_time last_updated last_refreshed data_as_of refreshed_at"
    " as_of as_of_date current_ts now_ts current_dt now_dt current_epoch epoch_ms"
)
CLOCK_CALLS = phrases(
    "now utcnow today time_now strftime_now get_current_time get_current_date current_time"
    " current_date current_datetime get_time get_date time_ns monotonic now_utc utc_now get_now"
    " get_timestamp get_datetime get_current_datetime get_current_timestamp current_timestamp"
)
# Words that make a time a fact of something else: when it was made, ends, is due.
RECORD_TIMES = words(
    "created updated modified published deleted added sent received start started end ended due"
    " birth release released expiry expires deadline last first departure arrival order booking"
    " meeting event cutoff knowledge training at on at_ts joined closed opened merged since"
)

EVENTS = words(
    "created updated modified published sent received due started ended closed opened merged"
    " departure arrival booking order"
)
