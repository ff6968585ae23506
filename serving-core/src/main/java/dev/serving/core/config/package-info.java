/** Settings, one record a concern, built once at the top and passed down. */
package dev.serving.core.config;
