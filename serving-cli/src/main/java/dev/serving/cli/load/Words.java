package dev.serving.cli.load;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Texts of a wanted number of tokens, out of common words.
 *
 * @param tokensPerWord as the server counts, above 0
 */
record Words(double tokensPerWord) {
  private static final List<String> COMMON =
      List.of(
          ("time year people way day man thing woman life child world school state family student"
                  + " group country problem hand part place case week company system program question"
                  + " work number night point home water room mother area money story fact month lot"
                  + " right study book eye job word business issue side kind head house service friend"
                  + " father power hour game line end member law car city name president team minute"
                  + " idea body information back parent face others level office door health person"
                  + " art war history party result change morning reason research girl guy moment air"
                  + " teacher force education")
              .split(" "));

  Words {
    if (!(tokensPerWord > 0)) {
      throw new IllegalArgumentException("a word must have tokens; was " + tokensPerWord);
    }
  }

  /** A text of about as many tokens, at least one word. */
  String text(int tokens, RandomGenerator random) {
    long words = Math.max(1, Math.round(tokens / tokensPerWord));
    return Stream.generate(() -> COMMON.get(random.nextInt(COMMON.size())))
        .limit(words)
        .collect(Collectors.joining(" "));
  }
}
