/**
 * Why a request was slow, told anew from its spans and those of its engine's steps: by the same
 * rules as the server that made them ({@link dev.serving.blame}), which told a request's root what
 * came of them. Knows the store's spans, and nobody who asks.
 */
package dev.serving.viewer.blame;
