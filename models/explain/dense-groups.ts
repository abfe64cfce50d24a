import { FEATURISER } from "@signalbox/runtime";

/** Dense features that only make sense together, by what a reader calls them. Cue features aren't among them: they count words,
 * and go with those. */
export const denseGroups: Readonly<Record<string, readonly string[]>> = {
  "length of the user turn": ["user_chars", "words", "lines", "word_length"],
  "length of the system prompt": ["system_chars"],
  "the conversation before": ["history_chars", "user_turns", "has_answer", "short_follow_up"],
  "digits, capitals, marks, spaces": ["digit_share", "upper_share", "mark_share", "space_share"],
  "code marks": ["code_marks", "code_fence"],
  "maths marks": ["maths_marks", "latex_marks"],
  "questions, options, lists": ["question_marks", "options", "has_options", "list_lines"],
  "links and addresses": ["urls", "emails"],
  script: ["non_ascii_share", ...FEATURISER.denseNames.filter((name) => name.startsWith("script_"))],
  "tools and output format": ["tools", "has_tools", "json_object", "json_schema"],
  images: ["images"],
  "output cap": ["max_tokens", "has_max_tokens"],
};

/** Places of the dense features that count cue words. */
export const cuePlaces: readonly number[] = FEATURISER.denseNames.flatMap((name, place) =>
  name.startsWith("cue_") ? [place] : [],
);
