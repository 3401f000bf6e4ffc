package dev.parley.cli.h323;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.h323.CallMedia;
import dev.parley.h323.Settings;
import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.media.AudioSink;
import dev.parley.h323.media.AudioSource;
import dev.parley.h323.media.H263File;
import dev.parley.h323.media.H263Format;
import dev.parley.h323.media.H264File;
import dev.parley.h323.media.H264Format;
import dev.parley.h323.media.Microphone;
import dev.parley.h323.media.PeakRate;
import dev.parley.h323.media.PortRange;
import dev.parley.h323.media.Speaker;
import dev.parley.h323.media.Tone;
import dev.parley.h323.media.VideoSource;
import dev.parley.h323.media.WavSource;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// What both sides of a call can choose: sound, pictures, formats, the way the call is set up.
final class MediaOptions {
    /// Level 5.1 of H.264 has no more.
    private static final int HIGHEST_RATE = 240_000;
    private static final int PICTURES_A_SECOND = 25;
    /// Below are those of the system.
    private static final int LOWEST_PORT = 1024;
    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern KEYS = Pattern.compile("[0-9*#A-D!]{1,64}");
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})-(\\d{1,5})");
    private static final String SPEAKER = "speaker";
    private static final List<String> NO_FILES = List.of("silence", "tone", "mic");

    @Option(names = "--name", paramLabel = "ALIAS", converter = CallTarget.OwnName.class,
            description = "Our own alias (default: that of --user, or the name of the system's user).")
    private Optional<String> name = Optional.empty();

    @Option(names = "--play", paramLabel = "FILE.wav|tone|mic|silence", description = "What the other side hears (default: silence).")
    private String play = "silence";

    @Option(names = "--record", paramLabel = "FILE.wav|speaker",
            description = "Where what we hear goes (default: nowhere). `call` replaces what is there; `answer` never does: it takes the next "
                + "free one of FILE.wav, FILE-2.wav and so on for each call.")
    private Optional<String> record = Optional.empty();

    @Option(names = "--video-in", paramLabel = "FILE.h264|FILE.h263",
            description = "Pictures to send, 25 a second: H.264 as a byte stream, or H.263 when the name ends in .h263.")
    private Optional<Path> videoIn = Optional.empty();

    @Option(names = "--video-out", paramLabel = "FILE.h264|FILE.h263",
            description = "Where pictures that arrive go, in the format of its name; which file that is goes as with --record, under the "
                + "same number.")
    private Optional<Path> videoOut = Optional.empty();

    @Option(names = "--video-max-bitrate", paramLabel = "KBIT", defaultValue = "2000",
            description = "Most kbit/s of pictures that we take, and of a pipe that we send (default: ${DEFAULT-VALUE}).")
    private int videoRate = 2_000;

    @Option(names = "--codec", paramLabel = "alaw|ulaw", split = ",", description = "Formats of sound, the preferred one first (default: alaw,ulaw).")
    private List<String> codecs = List.of("alaw", "ulaw");

    @Option(names = "--rtp-ports", paramLabel = "LOW-HIGH",
            description = "The UDP ports for media, such as a firewall lets through: a pair of an even and an odd one for sound, and one for "
                + "pictures (default: 16384-32767).")
    private Optional<String> rtpPorts = Optional.empty();

    @Option(names = "--dtmf", paramLabel = "KEYS",
            description = "Keys to press when the call is answered: 0-9, *, #, A-D and ! (hook flash), 64 at most.")
    private Optional<String> keys = Optional.empty();

    @Option(names = "--symmetric", description = "The same format in both directions; otherwise each may have its own.")
    private boolean symmetric;

    @Option(names = "--slow-start", description = "Open media by H.245 after the call is answered, without fast connect.")
    private boolean slowStart;

    @Option(names = "--no-tunnel", description = "Give H.245 a connection of its own.")
    private boolean noTunnel;

    @Option(names = "--parallel", description = "Begin H.245 in the first message already.")
    private boolean parallel;

    @Option(names = "--pcap", paramLabel = "FILE", description = "Write signalling, RAS and media to a capture for Wireshark and `parley trace`.")
    private Optional<Path> pcap = Optional.empty();

    /// Who proves to be somebody at a gatekeeper is called so, without another name.
    void isUser(String user) {
        name = name.or(() -> Optional.of(user));
    }

    String name() {
        return name.orElseGet(() -> System.getProperty("user.name", "parley"));
    }

    Settings settings(InetSocketAddress listen) {
        var formats = new ArrayList<Capability>();
        for (var codec : codecs) {
            formats.add(Capability.audio(switch (codec) {
                case "alaw" -> Codec.G711_ALAW;
                case "ulaw" -> Codec.G711_ULAW;
                default -> throw new CommandFailed(ExitCode.USAGE, "--codec knows alaw and ulaw, not " + codec);
            }, 60));
        }
        if (videoIn.isPresent() || videoOut.isPresent()) {
            boolean h263 = Recordings.isH263(videoIn.or(() -> videoOut).orElseThrow());
            if (videoOut.isPresent() && Recordings.isH263(videoOut.get()) != h263) {
                throw new CommandFailed(ExitCode.USAGE, "--video-in and --video-out are of one format: both .h263, or both not");
            }
            if (videoRate < 1 || videoRate > HIGHEST_RATE) {
                throw new CommandFailed(ExitCode.USAGE, "--video-max-bitrate is 1 to " + HIGHEST_RATE + " kbit/s, not " + videoRate);
            }
            videoIn.ifPresent(film -> formats.add(film(film, h263)));
            videoOut.ifPresent(_ -> formats.add((h263 ? H263Format.ANY.capability(10 * videoRate) : H264Format.ANY.capability(10 * videoRate))
                    .used(Capability.Use.RECEIVE)));
        }
        if (noTunnel && parallel) {
            throw new CommandFailed(ExitCode.USAGE, "--parallel needs the tunnel: leave out --no-tunnel");
        }
        var settings = Settings.of(name(), listen).with(new CallConfig.Style(!slowStart, !noTunnel, parallel)).with(formats).with(ports(formats));
        return symmetric ? settings.withSymmetricFormats() : settings;
    }

    private PortRange ports(List<Capability> formats) {
        if (rtpPorts.isEmpty()) {
            return PortRange.DEFAULT;
        }
        var ends = PORTS.matcher(rtpPorts.get());
        int low = ends.matches() ? Integer.parseInt(ends.group(1)) : 0;
        int high = low == 0 ? 0 : Integer.parseInt(ends.group(2));
        if (low < LOWEST_PORT || high > HIGHEST_PORT || high <= low || high == low + 1 && low % 2 == 1) {
            throw new CommandFailed(ExitCode.USAGE, "--rtp-ports is LOW-HIGH, from " + LOWEST_PORT + " to " + HIGHEST_PORT
                    + ", with an even port and the odd one above it, such as 16384-32767, not " + rtpPorts.get());
        }
        var range = PortRange.within(low, high);
        long needed = formats.stream().map(f -> f.codec().kind()).distinct().count();
        if (range.pairs() < needed) {
            throw new CommandFailed(ExitCode.USAGE, "--rtp-ports " + rtpPorts.get() + " has room for sound and not for pictures: "
                    + needed + " pairs of an even and an odd port are needed");
        }
        return range;
    }

    /// What we send is of the profile and level, or the size of pictures, and the bit rate of its file. A pipe is read once: nobody looks ahead.
    private Capability film(Path film, boolean h263) {
        if (!isFile(film)) {
            return (h263 ? H263Format.USUAL.capability(10 * videoRate) : H264Format.BASELINE.capability(10 * videoRate))
                    .used(Capability.Use.TRANSMIT);
        }
        int rate = readable(film, () -> PeakRate.of(video(film)));
        return readable(film, () -> h263 ? H263Format.of(video(film), film.toString()).capability(rate) : H264Format.of(film).capability(rate))
                .used(Capability.Use.RECORDED);
    }

    Optional<String> keys() {
        return keys;
    }

    /// Whether what we play and the speaker are there, before anybody waits for them. Pipes are not opened: that would take what is in them.
    ///
    /// @throws CommandFailed with exit code 3 otherwise, and with 2 when a key is none or sound would be recorded to a pipe
    void check() throws IOException {
        if (keys.filter(pressed -> !KEYS.matcher(pressed).matches()).isPresent()) {
            throw new CommandFailed(ExitCode.USAGE, "--dtmf is 1 to 64 keys of 0-9, *, #, A-D and ! (hook flash), not '" + keys.get() + "'");
        }
        requireApart("--play", Path.of(play), "--record", record.map(Path::of));
        videoIn.ifPresent(film -> requireApart("--video-in", film, "--video-out", videoOut));
        recordings().check();
        if (NO_FILES.contains(play) || isFile(Path.of(play))) {
            source().close();
        }
        if (isSpoken()) {
            speaker().close();
        }
        if (videoIn.isPresent() && isFile(videoIn.get())) {
            video(videoIn.get()).close();
        }
    }

    /// What is written would be what is read.
    private static void requireApart(String from, Path source, String to, Optional<Path> sink) {
        if (sink.filter(file -> file.toAbsolutePath().normalize().equals(source.toAbsolutePath().normalize())).isPresent()) {
            throw new CommandFailed(ExitCode.USAGE, from + " and " + to + " are the same file: " + source);
        }
    }

    private static boolean isFile(Path path) {
        requireReadable(path);
        return Files.isRegularFile(path);
    }

    private static void requireReadable(Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new CommandFailed(ExitCode.SOURCE, "there is no readable " + file);
        }
    }

    /// What a recording goes to is replaced.
    ///
    /// @throws CommandFailed with exit code 3 when there is nothing to play, or no device, and with 1 when a file cannot be written; then nothing
    ///     stays open
    CallMedia media() throws IOException {
        return media(this::recordings);
    }

    /// One of many calls: it never replaces what is there.
    ///
    /// @throws CommandFailed as [#media()]
    CallMedia media(int callNumber) throws IOException {
        return media(() -> recordings().free(callNumber));
    }

    private Recordings recordings() {
        return new Recordings(record.filter(to -> !to.equals(SPEAKER)).map(Path::of), videoOut);
    }

    private CallMedia media(Opening<Recordings> recordings) throws IOException {
        var open = new ArrayList<AutoCloseable>();
        try {
            var source = kept(source(), open);
            Optional<VideoSource> pictures = videoIn.isPresent() ? Optional.of(kept(video(videoIn.get()), open)) : Optional.empty();
            Optional<AudioSink> heard = isSpoken() ? Optional.of(kept(speaker(), open)) : Optional.empty();
            var files = recordings.open();
            var sink = heard.isPresent() ? heard.get() : kept(files.openSound(), open);
            return new CallMedia(source, sink, pictures, files.openPictures());
        } catch (IOException | CommandFailed e) {
            close(open, e);
            throw e;
        }
    }

    private static <T extends AutoCloseable> T kept(T opened, List<AutoCloseable> open) {
        open.add(opened);
        return opened;
    }

    private static void close(List<AutoCloseable> open, Exception why) {
        for (var part : open) {
            try {
                part.close();
            } catch (Exception e) {
                why.addSuppressed(e);
            }
        }
    }

    private static VideoSource video(Path file) {
        return readable(file, () -> Recordings.isH263(file) ? H263File.source(file, PICTURES_A_SECOND) : H264File.source(file, PICTURES_A_SECOND));
    }

    private AudioSource source() {
        return switch (play) {
            case "silence" -> Tone.silence();
            case "tone" -> new Tone(440, 0.3);
            case "mic" -> readable("--play mic", "connect one, or play a file: --play FILE.wav", Microphone::open);
            default -> readable(Path.of(play), () -> WavSource.open(Path.of(play)));
        };
    }

    private boolean isSpoken() {
        return record.filter(SPEAKER::equals).isPresent();
    }

    private static Speaker speaker() {
        return readable("--record speaker", "connect one, or record to a file: --record FILE.wav", Speaker::open);
    }

    /// Something that is to be opened.
    private interface Opening<T> {
        T open() throws IOException;
    }

    private static <T> T readable(Path file, Opening<T> opening) {
        requireReadable(file);
        try {
            return opening.open();
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.SOURCE, String.valueOf(e.getMessage()), "", "", e);
        }
    }

    private static <T> T readable(String option, String remedy, Opening<T> opening) {
        try {
            return opening.open();
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.SOURCE, option + ": " + e.getMessage() + "; " + remedy, "", "", e);
        }
    }

    /// Whether what we play has an end of its own.
    boolean playsAFile() {
        return play.equals("silence") ? videoIn.isPresent() : !List.of("tone", "mic").contains(play);
    }

    Optional<Capture> capture() throws IOException {
        return pcap.isPresent() ? Optional.of(Capture.open(pcap.get())) : Optional.empty();
    }
}
