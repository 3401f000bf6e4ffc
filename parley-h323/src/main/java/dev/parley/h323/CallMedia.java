package dev.parley.h323;

import dev.parley.h323.media.AudioSink;
import dev.parley.h323.media.AudioSource;
import dev.parley.h323.media.VideoSink;
import dev.parley.h323.media.VideoSource;
import java.util.Optional;

/// What an application plays into one call and takes from it. The call closes it.
public record CallMedia(AudioSource play, AudioSink record, Optional<VideoSource> pictures, Optional<VideoSink> screen) {
    public static CallMedia sound(AudioSource play, AudioSink record) {
        return new CallMedia(play, record, Optional.empty(), Optional.empty());
    }
}
