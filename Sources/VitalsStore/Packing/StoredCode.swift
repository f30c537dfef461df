import VitalsCore

/// A closed list whose members stand in packed rows as their places in `stored`.
///
/// Rows outlive the program that wrote them: a new member goes to the end, and none ever moves.
protocol StoredCode: Hashable, CaseIterable {
    static var stored: [Self] { get }
}

extension StoredCode {
    var code: UInt64 {
        guard let place = Self.stored.firstIndex(of: self) else {
            preconditionFailure("\(self) has no place in \(Self.self).stored")
        }
        return UInt64(place)
    }

    init(code: UInt64) throws(UnreadableBytes) {
        guard code < UInt64(Self.stored.count) else { throw UnreadableBytes() }
        self = Self.stored[Int(code)]
    }
}

extension Trigger: StoredCode {
    static let stored: [Trigger] = [.scheduled, .initial, .confirm, .manual, .heartbeat]
}

extension State: StoredCode {
    static let stored: [State] = [.unknown, .healthy, .degraded, .unhealthy]
}

extension Finding.Severity: StoredCode {
    static let stored: [Finding.Severity] = [.warning, .critical]
}

extension Outcome: StoredCode {
    static let stored: [Outcome] = [.pass, .warn, .fail, .inconclusive]
}

extension Phase: StoredCode {
    static let stored: [Phase] = [
        .resolve, .connect, .tls, .greeting, .authenticate, .session, .read, .write, .vitals, .request,
        .firstByte, .body,
    ]
}

extension FactName: StoredCode {
    static let stored: [FactName] = [
        .serverVersion, .role, .systemIdentifier, .addresses, .httpStatus, .tlsProtocol, .tlsCipher,
        .certificateSubject, .certificateNames, .certificateDaysLeft, .answers, .responseCode, .minimumTTL,
        .authorityRecords, .additionalRecords, .packetsSent, .packetsReceived, .lossPercent,
        .roundTripMinimum,
        .roundTripAverage, .roundTripMaximum, .httpVersion, .redirects,
        .certificateIssuer, .certificateKey, .certificateChainLength, .certificateChainDaysLeft,
        .fileBytes, .journalMode, .pageCount, .pageSize, .userVersion, .libraryVersion, .output,
        .serverFlavour, .readOnly, .read, .write, .pooler, .queryTime, .databaseBytes, .attempts, .region,
        .uptime, .subprotocol, .closeCode, .realtimeChecked, .tenantHealthy, .databaseConnected,
        .connectedClients,
    ]
}

extension Cause: StoredCode {
    static let stored: [Cause] = [
        .dnsNXDomain, .dbMissing, .dnsFailure, .refused, .unreachable, .reset, .timeout, .tlsHandshake,
        .tlsCertExpired, .tooManyConnections, .startingUp, .shuttingDown, .backendUnavailable, .corruption,
        .roleMismatch, .httpStatus, .condition, .unexpectedReply, .heartbeatMissing,
        .readOnly, .writeRefusedResource, .lockTimeout, .statementTimeout, .deadlock, .commitStalled, .vital,
        .conditionWarn,
        .authFailed, .accountState, .dbForbidden, .dbNotAccepting, .hostBlocked, .tlsUnsupported,
        .tlsCertUntrusted, .tlsCertNameMismatch, .protocolMismatch, .privilege, .notProvisioned,
        .badConfiguration,
        .internal, .cutOff, .rateLimited, .paused,
    ]
}
