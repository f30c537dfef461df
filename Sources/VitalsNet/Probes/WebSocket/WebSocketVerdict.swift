import NIOCore
import VitalsCore

/// What it means how a server answers the wish for a WebSocket, and how it ends one.
enum WebSocketVerdict {
    static func opened(_ subprotocol: String?) -> [ProbeStep] {
        [.fact(.httpStatus, .number(101))] + (subprotocol.map { [.fact(.subprotocol, .text($0))] } ?? [])
    }

    /// An answer other than 101.
    static func refused(_ response: HTTPResponse) -> [ProbeStep] {
        let status = response.head.status
        let steps = noted(response)
        switch status {
        case 401:
            return steps + [
                .enter(.authenticate),
                .fail(
                    .authFailed, code: "401",
                    message: "answered 401 to the wish for a WebSocket: it wants another login"),
            ]
        default:
            return steps + [
                .fail(
                    .httpStatus, code: "\(status)",
                    message: "answered \(status) to the wish for a WebSocket\(hint(response.head))")
            ]
        }
    }

    /// What is kept of an answer, whatever it means.
    static func noted(_ response: HTTPResponse) -> [ProbeStep] {
        let body = String(decoding: response.body.readableBytesView.prefix(excerpt), as: UTF8.self)
        return [.fact(.httpStatus, .number(response.head.status))]
            + (body.isEmpty ? [] : [.note("the body begins: \(body)")])
    }

    static let excerpt = 512

    private static func hint(_ head: HTTPResponseHead) -> String {
        if head.minorVersion == 0 { return ", by HTTP/1.0, which has none: look what stands in between" }
        switch head.status {
        case 200..<300: return ": it takes that for an ordinary request"
        case 300..<400: return ": redirects are not followed, for they lead to another server"
        case 404: return ": there is none under this path"
        case 426: return ": it wants another version, or did not see the wish"
        default: return ""
        }
    }

    /// A close that came before all was done (RFC 6455, 7.4.1, and IANA's registry).
    static func closed(
        _ close: WebSocketClose, whileWaitingFor awaited: String, _ farewell: ByteBuffer
    ) -> [ProbeStep] {
        let cause: Cause =
            switch close.code {
            case 1_001, 1_012: .shuttingDown
            case 1_013, 1_014: .backendUnavailable
            case 3_000, 3_003: .authFailed
            default: .unexpectedReply
            }
        return [
            .fact(.closeCode, .number(Int(close.code ?? 1_005))),
            .fail(
                cause, code: close.code.map { "\($0)" },
                message: "closed with \(close.shown) while we waited \(awaited)", farewell: farewell),
        ]
    }
}
