package dev.serving.core.model.text;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The special tokens of a vocabulary and the names under which the tokenizer knows them.
 *
 * <p>The tokenizer is built with every special token renamed to a word that nobody can guess, so no
 * text contains one unless {@link #rename} put it there. Immutable.
 */
final class SpecialTokens {
  /** What may become a special token: a range of the text that the checkpoint's author wrote. */
  @FunctionalInterface
  interface Authored {
    boolean covers(int begin, int end);
  }

  private static final Authored ALL = (begin, end) -> true;
  // A private-use character, so that no normalizer or pre-tokenizer changes the word.
  private static final char EDGE = '\uF8E7';

  private final String prefix;
  private final Map<String, String> wordByName = new HashMap<>();
  private final Map<String, String> nameByWord = new HashMap<>();
  private final Map<Character, List<String>> namesByFirst = new HashMap<>();

  SpecialTokens(List<String> names) {
    this.prefix = EDGE + Long.toHexString(new SecureRandom().nextLong() | Long.MIN_VALUE) + '.';
    for (String name : names) {
      if (!name.isEmpty() && !wordByName.containsKey(name)) {
        add(name);
      }
    }
    // The longest first, as the Rust library chooses among tokens that begin at one place.
    namesByFirst
        .values()
        .forEach(list -> list.sort(Comparator.comparingInt(String::length).reversed()));
  }

  private void add(String name) {
    String word = prefix + Integer.toHexString(wordByName.size()) + EDGE;
    wordByName.put(name, word);
    nameByWord.put(word, name);
    namesByFirst.computeIfAbsent(name.charAt(0), first -> new ArrayList<>()).add(name);
  }

  /** Returns the word that stands for {@code name}, or {@code name} itself if it is not special. */
  String wordFor(String name) {
    return wordByName.getOrDefault(name, name);
  }

  /** Renames every special token in {@code text}. */
  String rename(String text) {
    return rename(text, ALL);
  }

  /** Renames the special tokens that lie wholly in authored text; other spellings stay text. */
  String rename(String text, Authored authored) {
    StringBuilder out = null;
    int copied = 0;
    for (int at = 0; at < text.length(); ) {
      String name = nameAt(text, at, authored);
      if (name == null) {
        at++;
        continue;
      }
      out = out == null ? new StringBuilder(text.length() + 64) : out;
      out.append(text, copied, at).append(wordByName.get(name));
      at += name.length();
      copied = at;
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  private String nameAt(String text, int at, Authored authored) {
    for (String name : namesByFirst.getOrDefault(text.charAt(at), List.of())) {
      if (text.startsWith(name, at) && authored.covers(at, at + name.length())) {
        return name;
      }
    }
    return null;
  }

  /** Gives the special tokens in decoded text their names back. */
  String restore(String text) {
    int at = text.indexOf(prefix);
    if (at < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    for (; at >= 0; at = text.indexOf(prefix, copied)) {
      int end = text.indexOf(EDGE, at + prefix.length()) + 1;
      out.append(text, copied, at).append(nameByWord.get(text.substring(at, end)));
      copied = end;
    }
    return out.append(text, copied, text.length()).toString();
  }
}
