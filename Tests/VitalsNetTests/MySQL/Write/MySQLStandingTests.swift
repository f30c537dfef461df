import Testing
import VitalsCore

@testable import VitalsNet

@Suite("The part of a MySQL server")
struct MySQLStandingTests {
    private static func role(
        readOnly: Bool, engine: Bool = false, _ following: MySQLStanding.Following?, inGroup: Bool? = false,
        wanted: ExpectedRole = .any
    ) -> ServerRole {
        var standing = MySQLStanding(isReadOnly: readOnly, isEngineReadOnly: engine)
        standing.following = following
        standing.isInGroup = inGroup
        return standing.role(wanted: wanted)
    }

    @Test("one that takes writes and follows nobody is a primary, also once it has ceased to follow")
    func primary() {
        for following in [nil, .nobody, .stopped] as [MySQLStanding.Following?] {
            for wanted in ExpectedRole.allCases {
                #expect(Self.role(readOnly: false, following, wanted: wanted) == .primary)
            }
        }
    }

    @Test("one that takes writes and follows another is a replica, unless a check says that it is none")
    func writableReplica() {
        #expect(Self.role(readOnly: false, .running) == .replica)
        #expect(Self.role(readOnly: false, .running, wanted: .replica) == .replica)
        #expect(Self.role(readOnly: false, .running, wanted: .primary) == .primary)
    }

    @Test("one that takes no writes is a replica, unless it is known to follow nobody")
    func readOnly() {
        for following in [nil, .stopped, .running] as [MySQLStanding.Following?] {
            #expect(Self.role(readOnly: true, following) == .replica)
        }
        #expect(Self.role(readOnly: true, .nobody) == .readOnlyPrimary)
        #expect(Self.role(readOnly: true, .nobody, wanted: .primary) == .readOnlyPrimary)
        #expect(Self.role(readOnly: true, .nobody, inGroup: true) == .replica)
        #expect(Self.role(readOnly: true, .nobody, inGroup: nil) == .replica)
        #expect(Self.role(readOnly: true, engine: true, .nobody) == .replica, "a reader of Aurora's")
    }

    @Test("whom it follows is asked where that matters")
    func unclear() {
        let (open, closed) = (
            MySQLStanding(isReadOnly: false, isEngineReadOnly: false),
            MySQLStanding(isReadOnly: true, isEngineReadOnly: false)
        )
        for wanted in ExpectedRole.allCases {
            #expect(closed.isUnclear(wanted: wanted, isWritten: false))
            #expect(open.isUnclear(wanted: wanted, isWritten: false) == (wanted == .replica))
            #expect(open.isUnclear(wanted: wanted, isWritten: true) == (wanted != .primary))
        }
        let reader = MySQLStanding(isReadOnly: true, isEngineReadOnly: true)
        #expect(!reader.isUnclear(wanted: .any, isWritten: true))
    }
}
