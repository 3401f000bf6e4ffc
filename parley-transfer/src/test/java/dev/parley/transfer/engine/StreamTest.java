package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.transfer.file.OutputDisk;
import dev.parley.transfer.file.Receipt;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Sources;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams whose length nobody knows: standard input at the sender, standard output at the receiver.
@Timeout(120)
class StreamTest {
    private static final int SIZE = 1_500_000;
    private static final long WINDOW = 4096L * 10 * 4;

    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder);
    }

    @AfterEach
    void close() throws IOException {
        served.close();
    }

    private static byte[] content(int size, long seed) {
        var content = new byte[size];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static Source stream(byte[] content) {
        return Source.stream(new ByteArrayInputStream(content), "stream", 1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 40_960, 40_961, 81_920, 500_000})
    void aStreamOfAnyLengthArrivesWithAReceipt(int size) throws Exception {
        var content = content(size, 1);

        var result = served.send(stream(content), served.listener.address());

        assertThat(result.failure()).as(result.words() + served.log).isEmpty();
        assertThat(folder.resolve("inbox/stream")).hasBinaryContent(content);
        var receipt = Receipt.parse(served.serverReceipts.getFirst());
        receipt.verifySignature();
        assertThat(receipt.check(folder.resolve("inbox/stream")).size()).isEqualTo(size);
    }

    @Test
    void aCutLineIsMendedFromWhatIsKept() throws Exception {
        var result = sendOverACutLine(content(SIZE, 2));

        assertThat(served.events).anyMatch(TransferEvent.Resumed.class::isInstance);
        assertThat(result.sent() - SIZE).isBetween(0L, WINDOW);
    }

    private TransferClient.Result sendOverACutLine(byte[] content) throws Exception {
        try (var proxy = new FaultProxy(served.listener.address())) {
            proxy.cutAfter.set(SIZE / 2);

            var result = served.send(stream(content), proxy.address());

            assertThat(result.failure()).as(result.words() + served.log).isEmpty();
            assertThat(proxy.cuts).hasValue(1);
            assertThat(folder.resolve("inbox/stream")).hasBinaryContent(content);
            return result;
        }
    }

    private void sendHalf(byte[] content) throws Exception {
        try (var proxy = new FaultProxy(served.listener.address())) {
            proxy.cutAfter.set(SIZE / 2);
            served.patience = Duration.ZERO;
            assertThat(served.send(stream(content), proxy.address()).failure()).contains(Failure.LOST);
            served.patience = Duration.ofSeconds(30);
            served.events.clear();
        }
    }

    @Test
    void afterTheDeathOfTheSenderTheBeginningIsReadAgainAndNotSentAgain() throws Exception {
        var content = content(SIZE, 3);
        sendHalf(content);

        var result = served.send(stream(content), served.listener.address());

        assertThat(result.failure()).as(result.words() + served.log).isEmpty();
        assertThat(folder.resolve("inbox/stream")).hasBinaryContent(content);
        assertThat(served.events).anyMatch(e -> e instanceof TransferEvent.Resumed r && r.offset() > SIZE / 4);
        assertThat(result.sent() - SIZE).isBetween(1L, WINDOW);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100_000})
    void anotherBeginningIsNoticedAndNothingIsMixed(int changed) throws Exception {
        var content = content(SIZE, 4);
        sendHalf(content);
        content[changed] ^= 1;

        var result = served.send(stream(content), served.listener.address());

        assertThat(result.failure()).as(result.words()).contains(Failure.SOURCE_CHANGED);
        assertThat(folder.resolve("inbox/stream")).doesNotExist();
        var shorter = served.send(stream(content(1000, 4)), served.listener.address());
        assertThat(shorter.failure()).as(shorter.words()).contains(Failure.SOURCE_CHANGED);
    }

    /// Only the beginning of a run is a new beginning: after a cut line it goes on.
    @Test
    void anotherStreamBeginsAnewWhenThatIsWanted() throws Exception {
        sendHalf(content(SIZE, 4));
        served.options = new FileOptions(false, Sources.Links.KEEP, true);

        sendOverACutLine(content(SIZE, 8));

        assertThat(served.events).anyMatch(e -> e instanceof TransferEvent.Resumed r && r.offset() > SIZE / 4)
                .filteredOn(TransferEvent.Warning.class::isInstance).singleElement().asString().contains("from its beginning");
    }

    @Test
    void aFileIsFetchedToAStreamOverACutLine() throws Exception {
        var content = content(SIZE, 5);
        Files.write(folder.resolve("inbox/file"), content);
        var out = new ByteArrayOutputStream();
        served.disk = new OutputDisk(out);

        var result = served.get("file", folder);

        assertThat(result.failure()).as(result.words() + served.log).isEmpty();
        assertThat(out.toByteArray()).isEqualTo(content);
    }

    @Test
    void octetsThatComeTwiceAndHolesAreWrittenOnce() throws IOException {
        var out = new ByteArrayOutputStream();
        var disk = new OutputDisk(out);
        try (var handle = disk.openForWrite(Path.of("x"))) {
            handle.write(0, java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}));
            handle.write(1, java.nio.ByteBuffer.wrap(new byte[] {2, 3, 4}));
            handle.write(0, java.nio.ByteBuffer.wrap(new byte[] {1}));
            handle.extend(6);
            handle.write(8, java.nio.ByteBuffer.wrap(new byte[] {9}));
            handle.extend(9);
        }
        assertThat(out.toByteArray()).containsExactly(1, 2, 3, 4, 0, 0, 0, 0, 9);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> disk.openForWrite(Path.of("y"))).isInstanceOf(IOException.class);
    }

    @Test
    void aQuotaStopsAStreamAndMoreRoomLetsItGoOn() throws Exception {
        var content = content(SIZE, 6);
        served.quota(SIZE / 2);

        var result = served.send(stream(content), served.listener.address());
        assertThat(result.failure()).as(result.words()).contains(Failure.LIMIT);

        served.quota(2 * SIZE);
        var more = served.send(stream(content), served.listener.address());
        assertThat(more.failure()).as(more.words()).isEmpty();
        assertThat(folder.resolve("inbox/stream")).hasBinaryContent(content);
    }

    /// Wherever below the user's root they go.
    @Test
    void filesInFoldersCountForTheQuota() throws Exception {
        Files.write(folder.resolve("here/file"), content(SIZE, 7));
        served.quota(2 * SIZE);
        for (var place : new String[] {"one", "two/deep", "three"}) {
            served.path = place;
            var result = served.send(folder.resolve("here/file").toString());
            assertThat(result.failure().isPresent()).as(place + ": " + result.words()).isEqualTo(place.equals("three"));
        }
        assertThat(served.events.stream().filter(TransferEvent.FileDone.class::isInstance)).hasSize(2);
    }

    @Test
    void aFileBeyondTheQuotaIsRefusedBeforeItBegins() throws Exception {
        Files.write(folder.resolve("here/file"), content(SIZE, 7));
        served.quota(SIZE - 1);
        var result = served.send(folder.resolve("here/file").toString());
        assertThat(result.failure()).as(result.words()).contains(Failure.LIMIT);
        assertThat(served.events).noneMatch(TransferEvent.Started.class::isInstance);

        served.quota(SIZE);
        assertThat(served.send(folder.resolve("here/file").toString()).failure()).isEmpty();
    }
}
