package dev.parley.runtime.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final InetAddress A = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress B = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress C = InetAddress.ofLiteral("192.0.2.3");

    @Test
    void oneAddressHasHalfOfThemAndAllTogetherHaveAll() {
        var places = new Places(5);

        for (int i = 0; i < 3; i++) {
            assertThat(places.take(A)).isTrue();
        }
        assertThat(places.take(A)).as("one beyond its half").isFalse();
        assertThat(places.take(B) && places.take(C)).isTrue();
        assertThat(places.take(B)).as("one beyond all").isFalse();

        places.leave(A);
        assertThat(places.take(B)).isTrue();
        assertThat(places.take(A)).isFalse();
    }

    @Test
    void theOnlyPlaceIsForAnybody() {
        var places = new Places(1);
        assertThat(places.take(A)).isTrue();
        assertThat(places.take(B)).isFalse();
        places.leave(A);
        assertThat(places.take(B)).isTrue();
    }
}
