import NIOCore
import VitalsCore

/// Asks a server to give up the query of another session, under the same TLS as that; the server closes
/// without an answer.
struct PostgresCancelDialogue: ProbeDialogue {
    let key: PostgresBackendKey
    let isEncrypted: Bool

    mutating func opened() -> [ProbeStep] {
        isEncrypted ? [.enter(.tls), .send(PostgresFrontend.sslRequest)] : secured()
    }

    mutating func secured() -> [ProbeStep] {
        [.enter(.request), .send(PostgresFrontend.cancelRequest(key))]
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        guard input.readableBytes == 1, input.readInteger(as: UInt8.self) == UInt8(ascii: "S") else {
            return [.fail(.unexpectedReply, message: "the server answered a request that has no answer")]
        }
        return [.startTLS]
    }

    mutating func ended() -> [ProbeStep] { [.pass()] }
}
