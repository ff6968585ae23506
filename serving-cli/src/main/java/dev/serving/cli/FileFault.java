package dev.serving.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be used, in words: Java's exceptions have but its name for a message. */
final class FileFault {
  private FileFault() {}

  /** The reason. */
  static String why(IOException e) {
    if (e instanceof CharacterCodingException) {
      return "it is no text in UTF-8";
    }
    if (!(e instanceof FileSystemException fault)) {
      return String.valueOf(e.getMessage());
    }
    return fault.getReason() != null ? fault.getReason() : byKind(fault);
  }

  private static String byKind(FileSystemException fault) {
    if (fault instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (fault instanceof AccessDeniedException) {
      return "permission denied";
    }
    boolean noDirectory =
        fault instanceof FileAlreadyExistsException || fault instanceof NotDirectoryException;
    return noDirectory ? "it is no directory" : fault.getClass().getSimpleName();
  }
}
