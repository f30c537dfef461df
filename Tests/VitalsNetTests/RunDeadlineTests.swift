import NIOCore
import Testing

@testable import VitalsNet

/// A timeout of 500 ms, begun at 0.
@Suite struct RunDeadlineTests {
    private static func at(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(0) + .milliseconds(milliseconds)
    }

    private var deadline = RunDeadline(.milliseconds(500), at: at(0))

    @Test mutating func silenceIsATimeoutOnceTheSocketsWereLookedAtAgain() {
        #expect(deadline.due == Self.at(500))
        #expect(deadline.ring(at: Self.at(501)) == .lookAgain(at: Self.at(502)))
        #expect(deadline.ring(at: Self.at(503)) == .timedOut)
    }

    @Test mutating func timeThatWeWereBusyIsGivenBack() {
        #expect(deadline.ring(at: Self.at(800)) == .lookAgain(at: Self.at(1_100)))
        #expect(deadline.ring(at: Self.at(1_102)) == .timedOut)
    }

    @Test mutating func atMostTheTimeoutIsGivenBackAtOnce() {
        #expect(deadline.ring(at: Self.at(1_400)) == .lookAgain(at: Self.at(1_900)))
    }

    @Test mutating func whoWasBusyForTooLongCannotSay() {
        #expect(deadline.ring(at: Self.at(1_000)) == .lookAgain(at: Self.at(1_500)))
        #expect(deadline.ring(at: Self.at(2_000)) == .lookAgain(at: Self.at(2_500)))
        #expect(deadline.ring(at: Self.at(2_511)) == .tooBusy)
        var other = RunDeadline(.milliseconds(500), at: Self.at(0))
        #expect(other.ring(at: Self.at(1_501)) == .tooBusy)
    }
}
