package dev.parley.osi.user;

import static dev.parley.osi.FunctionalUnit.ACTIVITY;
import static dev.parley.osi.FunctionalUnit.CAPABILITY_DATA;
import static dev.parley.osi.FunctionalUnit.DATA_SEPARATION;
import static dev.parley.osi.FunctionalUnit.DUPLEX;
import static dev.parley.osi.FunctionalUnit.EXCEPTIONS;
import static dev.parley.osi.FunctionalUnit.EXPEDITED;
import static dev.parley.osi.FunctionalUnit.HALF_DUPLEX;
import static dev.parley.osi.FunctionalUnit.MAJOR_SYNC;
import static dev.parley.osi.FunctionalUnit.MINOR_SYNC;
import static dev.parley.osi.FunctionalUnit.NEGOTIATED_RELEASE;
import static dev.parley.osi.FunctionalUnit.RESYNCHRONIZE;
import static dev.parley.osi.FunctionalUnit.SYMMETRIC_SYNC;
import static dev.parley.osi.FunctionalUnit.TYPED_DATA;
import static dev.parley.osi.user.Pair.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.osi.Indication;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The examples of docs/osi-service.md, one for each functional unit, between two applications on a real connection. What stands between
/// `// example` and `// end` is the text of the document.
class FunctionalUnitsTest {
    private static final Pattern EXAMPLE = Pattern.compile("(?sm)^ +// example: ([^\\n]+)\\n(.*?)\\n +// end$");

    @Test
    void theDocumentHasTheTextOfTheseExamples() throws Exception {
        var source = Files.readString(Path.of("src/test/java/dev/parley/osi/user/FunctionalUnitsTest.java"));
        var document = Files.readString(Path.of("../docs/osi-service.md"));
        var examples = EXAMPLE.matcher(source).results().toList();

        assertThat(examples).hasSizeGreaterThan(12);
        for (var example : examples) {
            assertThat(document).as(example.group(1)).contains("```java\n" + example.group(2).stripIndent() + "\n```");
        }
    }

    @Test
    void kernelAndDuplex() throws Exception {
        var osi = OsiProtocol.with(DUPLEX);
        Pair.run(osi, session -> {
            // example: duplex, the called side
            while (session.receive() instanceof Indication.Data(var question)) {
                session.send(text("you said " + text(question)));
            }
            session.answerRelease(true, text("goodbye"));
            // end
        }, session -> {
            // example: duplex, the calling side
            session.send(text("hello"));
            var answer = session.expect(Indication.Data.class);
            session.release();
            // end
            assertThat(text(answer.userData())).isEqualTo("you said hello");
            assertThat(text(session.expect(Indication.ReleaseConfirm.class).userData())).isEqualTo("goodbye");
        });
    }

    @Test
    void halfDuplex() throws Exception {
        Pair.run(OsiProtocol.with(HALF_DUPLEX), session -> {
            session.expect(Indication.Data.class);
            // example: half-duplex, the called side
            assertThatThrownBy(() -> session.send(text("too early")))
                    .isInstanceOf(SessionException.OutOfSequence.class);
            session.pleaseTokens(text("may I?"), Token.DATA);
            session.expect(Indication.TokensGiven.class);
            session.send(text("my turn"));
            session.giveTokens(Token.DATA);
            // end
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            // example: half-duplex, the calling side
            session.send(text("I hold the data token"));
            session.expect(Indication.TokensPlease.class);
            session.giveTokens(Token.DATA);
            var answer = session.expect(Indication.Data.class);
            session.expect(Indication.TokensGiven.class);
            session.release();
            // end
            assertThat(text(answer.userData())).isEqualTo("my turn");
        });
    }

    @Test
    void typedData() throws Exception {
        Pair.run(OsiProtocol.with(HALF_DUPLEX, TYPED_DATA), session -> {
            // example: typed data, from the side without the data token
            session.sendTyped(text("slower, please"));
            // end
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            assertThat(text(session.expect(Indication.TypedData.class).userData())).isEqualTo("slower, please");
            session.release();
        });
    }

    @Test
    void expeditedData() throws Exception {
        Pair.run(OsiProtocol.with(DUPLEX, EXPEDITED), session -> {
            assertThat(text(session.expect(Indication.ExpeditedData.class).userData())).isEqualTo("stop");
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            assertThat(session.units()).contains(EXPEDITED);
            // example: expedited data, at most 14 octets
            session.sendExpedited(text("stop"));
            // end
            session.release();
        });
    }

    @Test
    void capabilityData() throws Exception {
        Pair.run(OsiProtocol.with(HALF_DUPLEX, ACTIVITY, CAPABILITY_DATA), session -> {
            // example: capability data, the called side
            var asked = session.expect(Indication.CapabilityData.class);
            session.answerCapability(text("yes to " + text(asked.userData())));
            // end
            session.expect(Indication.ControlGiven.class);
            assertThat(session.owns(Token.DATA)).isTrue();
            session.release();
        }, session -> {
            // example: capability data, the calling side
            session.sendCapability(text("gzip"));
            var answer = session.expect(Indication.CapabilityDataConfirm.class);
            // end
            assertThat(text(answer.userData())).isEqualTo("yes to gzip");
            // example: give control
            session.giveControl(text("all tokens are yours"));
            // end
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        });
    }

    @Test
    void minorSynchronize() throws Exception {
        Pair.run(OsiProtocol.with(HALF_DUPLEX, MINOR_SYNC), session -> {
            // example: minor synchronize, the called side
            var data = session.expect(Indication.Data.class);
            var point = session.expect(Indication.SyncMinor.class);
            session.confirmMinor(point.serial(), text("stored " + text(data.userData())));
            // end
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            // example: minor synchronize, the calling side
            session.send(text("page 1"));
            long serial = session.syncMinor(text("crc 17"));
            var stored = session.expect(Indication.SyncMinorConfirm.class);
            // end
            assertThat(stored.serial()).isEqualTo(serial).isEqualTo(1);
            assertThat(text(stored.userData())).isEqualTo("stored page 1");
            session.release();
        });
    }

    @Test
    void symmetricSynchronize() throws Exception {
        Pair.run(OsiProtocol.with(DUPLEX, SYMMETRIC_SYNC).initialSerial(5), session -> {
            session.expect(Indication.Data.class);
            assertThat(session.expect(Indication.SyncMinor.class).serial()).isEqualTo(5);
            session.send(text("from here"));
            session.syncMinor(text(""));
            session.confirmMinor(5, text(""));
            session.expect(Indication.SyncMinorConfirm.class);
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            // example: symmetric synchronize, either side
            session.send(text("from there"));
            long own = session.syncMinor(text("my flow"));
            session.expect(Indication.Data.class);
            var other = session.expect(Indication.SyncMinor.class);
            session.confirmMinor(other.serial(), text("your flow"));
            session.expect(Indication.SyncMinorConfirm.class);
            // end
            assertThat(own).isEqualTo(5);
            assertThat(other.serial()).isEqualTo(5);
            session.release();
        });
    }

    @Test
    void dataSeparation() throws Exception {
        Pair.run(OsiProtocol.with(DUPLEX, MINOR_SYNC, DATA_SEPARATION, RESYNCHRONIZE), session -> {
            session.expect(Indication.Data.class);
            assertThat(session.expect(Indication.SyncMinor.class).dataSeparation()).isTrue();
            session.confirmMinor(1, text(""));
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            // example: data separation
            session.send(text("not to be lost by a resynchronization"));
            session.syncMinor(true, true, text(""));
            session.expect(Indication.SyncMinorConfirm.class);
            // end
            session.release();
        });
    }

    @Test
    void majorSynchronize() throws Exception {
        Pair.run(OsiProtocol.with(HALF_DUPLEX, MAJOR_SYNC), session -> {
            // example: major synchronize, the called side
            session.expect(Indication.Data.class);
            var point = session.expect(Indication.SyncMajor.class);
            session.confirmMajor(text("all before " + point.serial() + " is done"));
            // end
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            // example: major synchronize, the calling side
            session.send(text("chapter 1"));
            session.syncMajor(text(""));
            var confirm = session.expect(Indication.SyncMajorConfirm.class);
            // end
            assertThat(text(confirm.userData())).isEqualTo("all before 1 is done");
            session.release();
        });
    }

    @Test
    void resynchronize() throws Exception {
        Pair.run(OsiProtocol.with(HALF_DUPLEX, MINOR_SYNC, RESYNCHRONIZE), session -> {
            session.expect(Indication.Data.class);
            var point = session.expect(Indication.SyncMinor.class);
            // example: resynchronize, the side that wants something again
            var where = Map.of(Token.DATA, Token.Side.ACCEPTOR, Token.MINOR, Token.Side.ACCEPTOR);
            session.resynchronize(ResyncType.RESTART, Optional.of(point.serial()), where, text("crc is wrong"));
            session.expect(Indication.ResynchronizeConfirm.class);
            var again = session.expect(Indication.Data.class);
            // end
            assertThat(text(again.userData())).isEqualTo("page 1");
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            session.send(text("page 1, damaged"));
            session.syncMinor(text(""));
            // example: resynchronize, the other side
            var asked = session.expect(Indication.Resynchronize.class);
            session.confirmResynchronize(asked.serial(), asked.tokens(), text(""));
            session.send(text("page 1"));
            // end
            assertThat(asked.type()).contains(ResyncType.RESTART);
            session.release();
        });
    }

    @Test
    void exceptions() throws Exception {
        Pair.run(OsiProtocol.with(HALF_DUPLEX, EXCEPTIONS), session -> {
            session.expect(Indication.Data.class);
            // example: exceptions, the side without the data token
            session.reportException(5, text("disk full"));
            session.expect(Indication.TokensGiven.class);
            // end
            session.release();
        }, session -> {
            // example: exceptions, the other side clears it with the token
            session.send(text("page"));
            var report = session.expect(Indication.ExceptionReport.class);
            session.giveTokens(Token.DATA);
            // end
            assertThat(report.reason()).isEqualTo(5);
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        });
    }

    @Test
    void activities() throws Exception {
        Pair.run(OsiProtocol.with(HALF_DUPLEX, MINOR_SYNC, ACTIVITY), session -> {
            assertThat(text(session.expect(Indication.ActivityStart.class).activity())).isEqualTo("A1");
            session.expect(Indication.Data.class);
            session.confirmMinor(session.expect(Indication.SyncMinor.class).serial(), text(""));
            session.expect(Indication.ActivityInterrupt.class);
            session.confirmInterrupt(text(""));
            // example: activity management, the called side
            var resumed = session.expect(Indication.ActivityResume.class);
            session.expect(Indication.Data.class);
            session.expect(Indication.ActivityEnd.class);
            session.confirmEnd(text("complete"));
            // end
            assertThat(resumed.serial()).isEqualTo(1);
            session.expect(Indication.ActivityStart.class);
            session.expect(Indication.ActivityDiscard.class);
            session.confirmDiscard(text(""));
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            // example: activity management, the calling side
            session.startActivity(text("A1"), text("a file"));
            session.send(text("page 1"));
            long serial = session.syncMinor(text(""));
            session.expect(Indication.SyncMinorConfirm.class);
            session.interruptActivity(Optional.of(1), text("later"));
            session.expect(Indication.ActivityInterruptConfirm.class);

            session.resumeActivity(text("A2"), text("A1"), serial, text(""));
            session.send(text("page 2"));
            session.endActivity(text(""));
            session.expect(Indication.ActivityEndConfirm.class);
            // end
            session.startActivity(text("A3"), text(""));
            session.discardActivity(Optional.empty(), text(""));
            session.expect(Indication.ActivityDiscardConfirm.class);
            session.release();
        });
    }

    @Test
    void negotiatedRelease() throws Exception {
        Pair.run(OsiProtocol.with(DUPLEX, NEGOTIATED_RELEASE), session -> {
            session.expect(Indication.Release.class);
            session.answerRelease(false, text("not yet"));
            session.send(text("one more"));
            session.expect(Indication.Release.class);
            session.answerRelease(true, text(""));
        }, session -> {
            // example: negotiated release
            assertThatThrownBy(session::release).isInstanceOf(SessionException.Refused.class);
            var refused = session.expect(Indication.ReleaseConfirm.class);
            session.expect(Indication.Data.class);
            session.release();
            // end
            assertThat(text(refused.userData())).isEqualTo("not yet");
        });
    }

    @Test
    void oneTransportForSeveralSessions() throws Exception {
        var osi = OsiProtocol.with(DUPLEX);
        Pair.calls(osi, call -> {
            if (text(call.proposal().userData()).equals("first")) {
                // example: refusing, with another try on the same transport connection
                call.refuse(2, true, text("say it again"));
                // end
            } else {
                var session = call.accept(osi.units(), text("welcome"));
                session.expect(Indication.Release.class);
                session.answerRelease(true, text(""));
            }
        }, address -> {
            // example: several sessions on one transport connection
            try (var line = osi.open(address)) {
                assertThatThrownBy(() -> line.connect(osi.proposal(text("first"))))
                        .isInstanceOf(SessionException.Refused.class);
                var session = line.connect(osi.proposal(text("second")));
                session.release(true, text(""));

                var next = line.connect(osi.proposal(text("third")));
                next.release();
            }
            // end
        });
    }
}
