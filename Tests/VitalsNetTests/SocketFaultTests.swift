import Glibc
import NIOCore
import Testing
import VitalsCore

@testable import VitalsNet

@Suite struct SocketFaultTests {
    @Test(arguments: [
        (ECONNREFUSED, Cause.refused, "connection refused by db:1"),
        (ECONNRESET, .reset, "connection reset by db:1"),
        (EHOSTUNREACH, .unreachable, "no route to db:1"),
        (ENETUNREACH, .unreachable, "no network that reaches db:1"),
        (ETIMEDOUT, .unreachable, "no acknowledgement from db:1"),
        (EMFILE, .internal, "too many open files here"),
        (ENFILE, .internal, "too many open files here"), (ENOBUFS, .internal, "no memory for sockets here"),
        (EADDRNOTAVAIL, .internal, "no local address or port is free to reach db:1"),
        (EPERM, .internal, "not permitted to connect to db:1"),
        (EIO, .internal, "cannot connect to db:1: error 5"),
    ])
    func connecting(_ number: CInt, _ cause: Cause, _ message: String) {
        let fault = SocketFault(connectingTo: "db:1", IOError(errnoCode: number, reason: "connect"))
        #expect(fault.cause == cause)
        #expect(fault.message == message)
    }

    @Test(arguments: [
        (ECONNRESET, Cause.reset), (EPIPE, .reset), (ETIMEDOUT, .unreachable), (EIO, .internal),
    ])
    func talking(_ number: CInt, _ cause: Cause) {
        #expect(SocketFault(talkingTo: "db:1", IOError(errnoCode: number, reason: "read")).cause == cause)
    }

    @Test func aSocketFileThatWeMayNotUseIsOurConfiguration() {
        let fault = SocketFault(connectingTo: "/run/s", IOError(errnoCode: EACCES, reason: "connect"))
        #expect(fault.cause == .badConfiguration)
        #expect(fault.code == "EACCES")
    }
}
