"""Settings to adapters: the only place that picks which adapter serves which port.

A module for each subject; what the commands and the page ask for is named here. Everything heavy
is imported inside the function that needs it, so that help and replay of a transcript start at
once.
"""

from __future__ import annotations

from mock_interviewer.wiring.home import (
    SystemClock,
    is_first_time,
    keep_practice,
    keep_private,
    new_session,
    sessions,
    tested_patterns,
    try_home,
)
from mock_interviewer.wiring.interviews import (
    NoTranscriber,
    analysis_of_kept,
    choose_engine,
    desk,
    dialogue_of,
    did_last_break_off,
    home_of_session,
    resumed_answers,
    unfinished_session,
)
from mock_interviewer.wiring.judging import (
    analyse,
    earned_by_pattern,
    find_hums,
    judge_reply,
    judged_replies,
    replayer,
)
from mock_interviewer.wiring.languages import (
    default_question,
    language_of,
    probe_phrases,
    words_of_page,
)
from mock_interviewer.wiring.models import (
    has_model,
    usual_model,
)
from mock_interviewer.wiring.questions import (
    check_pack,
    guess_of,
    known_question,
    pack_files,
    packs,
    pattern,
)
from mock_interviewer.wiring.sound import (
    Regions,
    fixtures_dir,
    open_microphone,
    play_audio,
    play_sound,
    question_guard_s,
    read_audio,
    say_aloud,
    sound_devices,
    speaker,
    speech_regions,
    spoken_parts,
    voices,
    write_audio,
)
from mock_interviewer.wiring.written import (
    is_text,
    read_transcript,
    transcript_of_text,
    write_correction,
    write_json,
    write_marks,
    write_transcript,
)

__all__ = [
    "NoTranscriber",
    "Regions",
    "SystemClock",
    "analyse",
    "analysis_of_kept",
    "check_pack",
    "choose_engine",
    "default_question",
    "desk",
    "dialogue_of",
    "did_last_break_off",
    "earned_by_pattern",
    "find_hums",
    "fixtures_dir",
    "guess_of",
    "has_model",
    "home_of_session",
    "is_first_time",
    "is_text",
    "judge_reply",
    "judged_replies",
    "keep_practice",
    "keep_private",
    "known_question",
    "language_of",
    "new_session",
    "open_microphone",
    "pack_files",
    "packs",
    "pattern",
    "play_audio",
    "play_sound",
    "probe_phrases",
    "question_guard_s",
    "read_audio",
    "read_transcript",
    "replayer",
    "resumed_answers",
    "say_aloud",
    "sessions",
    "sound_devices",
    "speaker",
    "speech_regions",
    "spoken_parts",
    "tested_patterns",
    "transcript_of_text",
    "try_home",
    "unfinished_session",
    "usual_model",
    "voices",
    "words_of_page",
    "write_audio",
    "write_correction",
    "write_json",
    "write_marks",
    "write_transcript",
]
