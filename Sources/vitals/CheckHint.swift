import VitalsCore

/// What mends the frequent faults, for the person who has just met one, where its message does not say.
enum CheckHint {
    static func text(for fault: Fault, kind: ProbeKind) -> String? {
        switch fault.cause {
        case .dnsNXDomain:
            "Check how the host name is written, and whether this machine's name servers know it."
        case .dnsFailure:
            "The name servers in /etc/resolv.conf do not answer as they should; an address needs none."
        case .refused:
            "Nothing listens there: check host and port, and that the server runs and listens there."
        case .unreachable:
            "There is no way to this address from here: check the network and the routes."
        case .timeout where kind.name == "exec":
            "The program was ended; --timeout gives it longer."
        case .timeout where kind.name == "sqlite":
            "The file's disk or network file system does not answer in time; --timeout gives it longer."
        case .timeout where fault.phase == .greeting && kind.name == "mysql":
            "A MySQL server speaks first: this one hangs, or something else listens there."
        case .timeout where fault.phase == .tls && kind.name == "redis":
            "The server may speak without TLS on this port: write redis:// instead of rediss://."
        case .timeout:
            timeout(in: fault.phase)
        case .tooManyConnections:
            "The server has no place for another client: look who holds the connections, or let it have more."
        case .tlsUnsupported where kind.name == "postgres":
            "Add ?sslmode=disable to connect without TLS, if the way there is safe."
        case .tlsUnsupported where kind.name == "mysql":
            "Add ?ssl-mode=disable to connect without TLS, if the way there is safe."
        case .tlsCertUntrusted where kind.name == "redis":
            "Name its authority with sslrootcert=/path/ca.pem, or take any with ?sslmode=require."
        case .startingUp where kind.name == "redis":
            "It reads its data from disk, and serves nobody before it has all of them."
        case .writeRefusedResource where fault.code == "OOM":
            "Give it more memory (maxmemory), let it evict keys (maxmemory-policy), or remove some."
        case .writeRefusedResource where fault.code == "MISCONF":
            "Look into its log for why it cannot save: a full disk, a folder that it may not write, fork."
        case .writeRefusedResource where fault.code == "NOREPLICAS":
            "Fewer replicas follow than min-replicas-to-write wants."
        case .tlsUnsupported where kind.name == "sqlserver":
            "See the parameter encrypt: disable goes without TLS, if the way there is safe."
        case .tlsCertUntrusted where kind.name == "sqlserver":
            "Name its authority with certificate=/path/ca.pem, or take any with trustservercertificate=true."
        case .tlsCertUntrusted where kind.name == "mysql":
            "Name its authority with ssl-ca=/path/ca.pem, or take any with ?ssl-mode=require."
        case .tlsCertUntrusted where kind.name == "postgres":
            "Name its authority with sslrootcert=/path/ca.pem, or take any with ?sslmode=require."
        case .tlsCertUntrusted:
            "Let this machine trust its authority, and see that the server sends the whole chain."
        case .tlsCertNameMismatch:
            "Use a name that the certificate is for, or have it issued for this one too."
        case .tlsCertExpired:
            "Renew the certificate at the server; if it was, the server has to load it."
        case .protocolMismatch:
            "Something else than \(kind.name) seems to answer there: check the port."
        default:
            access(to: kind, fault.cause)
        }
    }

    private static func timeout(in phase: Phase) -> String {
        switch phase {
        case .resolve, .connect:
            "Nothing came back at all: check host and port, and the firewalls on the way."
        default:
            "It took the connection but was too slow; --timeout gives it longer."
        }
    }

    private static func access(to kind: ProbeKind, _ cause: Cause) -> String? {
        switch (cause, kind.name) {
        case (.authFailed, "d1"):
            "Make an API token with the permission D1 Read; it goes into CLOUDFLARE_API_KEY."
        case (.authFailed, "s3"):
            "Check access key and secret key; a URL has / + = in them as %2F %2B %3D."
        case (.privilege, "s3"):
            "The key's policy has to allow s3:ListBucket; for --read-write s3:PutObject and s3:GetObject too."
        case (.dbMissing, "s3"):
            "Check the name of the bucket, and that the endpoint is the one that it is at."
        case (.dbMissing, "d1"):
            "Check the ids of the account and of the database: npx wrangler d1 list shows them."
        case (.dbMissing, "convex"):
            "Check the name of the deployment: its URL is on the dashboard."
        case (.notProvisioned, "convex"):
            "Deploy the function, and see that it is a public query: npx convex function-spec shows them."
        case (.internal, "s3"):
            "Set this machine's clock (NTP), unless its limits (ulimit -n) or its memory are at their end."
        case (.authFailed, "supabase"):
            "Take a key of this project, by its settings under API keys: --set api_key=..."
        case (.authFailed, "websocket"):
            "Say who asks: --set bearer=... or --set basic.username=... and basic.password=..."
        case (.paused, _):
            "Its owner restores it in the dashboard; free projects are paused when nobody uses them."
        case (.privilege, "supabase"):
            "A policy on realtime.messages has to let this user in; without --set private=true none is asked."
        case (.authFailed, _):
            "Check user and password; a URL has @ : / ? # % in them as %40 %3A %2F %3F %23 %25."
        case (.hostBlocked, "postgres"):
            "The server's pg_hba.conf has to allow this user, from this machine, to this database."
        case (.hostBlocked, "mysql"):
            "The account has to be one that may come from this machine; FLUSH HOSTS forgets earlier errors."
        case (.accountState, "mysql"):
            "See ALTER USER: ACCOUNT UNLOCK, PASSWORD EXPIRE NEVER, WITH MAX_USER_CONNECTIONS."
        case (.dbForbidden, "mysql"):
            "The database is not there, or the user has no right to any of it: see GRANT SELECT."
        case (.dbMissing, "sqlserver"):
            "Check the name behind database=, and that the login has a user in that database."
        case (.accountState, "sqlserver"):
            "See ALTER LOGIN: ENABLE, WITH PASSWORD = '...' UNLOCK, CHECK_EXPIRATION = OFF."
        case (.hostBlocked, "sqlserver"):
            "The firewall of the server in Azure has to let this machine in."
        case (.dbNotAccepting, "sqlserver"):
            "A secondary of an availability group lets in who adds applicationintent=readonly, if anybody."
        case (.dbMissing, _):
            "Check the name of the database: the last part of the URL."
        case (.notProvisioned, "postgres"), (.notProvisioned, "mysql"), (.notProvisioned, "sqlite"),
            (.notProvisioned, "sqlserver"):
            "Run: vitals provision '<the same target>'; with --apply it is done at once."
        case (.hostBlocked, "redis"):
            "From this machine it is refused until there is a password: ACL SETUSER default on '>...'."
        case (.privilege, "mysql"), (.privilege, "redis"), (.privilege, "sqlserver"):
            "The user lacks a right: see vitals provision '<the same target>'."
        case (.privilege, "postgres"), (.dbForbidden, "postgres"):
            "The user lacks a right: see GRANT CONNECT and GRANT pg_monitor."
        case (.internal, _):
            "This is about this machine, not about the target: look at its limits (ulimit -n) and its memory."
        default:
            nil
        }
    }
}
