package dev.serving.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Under which heading of a long help an option stands; of a class: those of its options that say
 * nothing else.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.TYPE})
@interface HelpGroup {
  /** The heading. */
  Topic value();

  /** The headings, in their order. */
  enum Topic {
    MODEL("Model"),
    ADDRESS("Address, and who may ask"),
    PROCESSES("Processes"),
    BATCHES("Batches and KV cache"),
    LIMITS("Limits"),
    TRACING("Tracing and logs"),
    TARGET("The server that is asked"),
    LOAD("The load"),
    FURTHER("Further");

    private final String heading;

    Topic(String heading) {
      this.heading = heading;
    }

    @Override
    public String toString() {
      return heading;
    }
  }
}
