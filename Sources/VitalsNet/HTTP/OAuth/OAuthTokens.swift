import NIOCore
import VitalsCore

/// A token, and whether it was asked for just now.
struct OAuthToken: Sendable {
    let text: Secret
    let isFresh: Bool
}

/// The tokens that the runs of one event loop share: fetched once for all that wait, kept until shortly
/// before they end. Confined to its event loop.
final class OAuthTokens {
    enum Outcome {
        case token(OAuthToken)
        case fault(Fault)
    }

    private struct Entry {
        var token: Secret?
        var until: NIODeadline
        var isFetching: Bool
        var waiting: [(Outcome) -> Void]
    }

    private var entries: [OAuthSettings: Entry] = [:]
    /// More clients than anybody has; beyond it all are fetched anew.
    private static let maximumCount = 1_000

    /// Nothing kept is handed out in the last tenth of its life, or the last half minute if that is shorter.
    private static let longestMargin = Duration.seconds(30)

    /// How many are kept or under way.
    var count: Int { entries.count }

    /// Calls back with a token, at once if one is there. One fetch at a time for the same settings, whoever
    /// waits for it.
    ///
    /// - Parameter timeout: for a fetch that this begins.
    func token(
        for settings: OAuthSettings, userAgent: String, timeout: Duration, on loop: NetworkLoop,
        _ use: @escaping (Outcome) -> Void
    ) {
        if let entry = entries[settings], let token = entry.token, entry.until > .now() {
            return use(.token(OAuthToken(text: token, isFresh: false)))
        }
        if entries[settings]?.isFetching == true {
            entries[settings]?.waiting.append(use)
            return
        }
        if entries.count >= Self.maximumCount { entries = entries.filter(\.value.isFetching) }
        entries[settings] = Entry(token: nil, until: .now(), isFetching: true, waiting: [use])
        fetch(settings, userAgent: userAgent, timeout: timeout, on: loop)
    }

    /// The server does not take it any more.
    func forget(_ token: OAuthToken, of settings: OAuthSettings) {
        guard entries[settings]?.token == token.text else { return }
        entries[settings] = nil
    }

    private func fetch(
        _ settings: OAuthSettings, userAgent: String, timeout: Duration, on loop: NetworkLoop
    ) {
        let route = settings.route(userAgent: userAgent)
        let target = route.target
        _ = ProbeConnection.start(target, route.exchange, timeout: timeout, on: loop) { result, exchange in
            let response = (exchange as? any HTTPExchange)?.response
            let answer = result.fault.map { OAuthAnswer.fault($0) } ?? response.map { OAuthAnswer($0) }
            self.fetched(settings, target, answer)
        }
    }

    private func fetched(_ settings: OAuthSettings, _ target: ProbeTarget, _ answer: OAuthAnswer?) {
        let waiting = entries[settings]?.waiting ?? []
        switch answer {
        case .token(let token, let lifetime)?:
            let life = lifetime - min(lifetime / 10, Self.longestMargin)
            entries[settings] = Entry(
                token: token, until: .now() + TimeAmount(life), isFetching: false, waiting: [])
            for use in waiting { use(.token(OAuthToken(text: token, isFresh: true))) }
        case .fault(let fault)?:
            entries[settings] = nil
            let message = "no token from \(settings.tokenURL.origin): \(fault.message)"
            let told = Fault(
                fault.cause, in: .authenticate, code: fault.code,
                message: target.shown(message, bytes: Self.maximumMessage))
            for use in waiting { use(.fault(told)) }
        case nil:
            preconditionFailure("a pass without a response")
        }
    }

    private static let maximumMessage = 1_024
}
