import AdministrationAPI

/// System Settings: one page for each subject, side by side.
enum SettingsPages {
    /// A page of them.
    enum Subject: String, CaseIterable {
        case system, limits, publication, sessions, audit, backup

        var title: String {
            switch self {
            case .system: "System"
            case .limits: "Limits"
            case .publication: "Publication"
            case .sessions: "Signing in"
            case .audit: "Audit log"
            case .backup: "Backup"
            }
        }

        /// What is needed to see it.
        var permission: String {
            switch self {
            case .system: "system:read"
            case .limits, .publication, .sessions: "settings:read"
            case .audit: "audit:read"
            case .backup: "system:backup"
            }
        }

        var path: String { "/settings/\(self.rawValue)" }

        /// The settings on it.
        var groups: [SystemSettings.Group] {
            switch self {
            case .limits: [SystemSettings.limits]
            case .publication: [SystemSettings.publication]
            case .sessions: [SystemSettings.sessions, SystemSettings.passwords]
            case .audit: [SystemSettings.audit]
            case .system, .backup: []
            }
        }
    }

    static let routes: [PageRoute] =
        [
            .page("/settings", nil, Self.first),
            .page(Subject.system.path, Subject.system.permission, SystemPage.page),
            .page(Subject.backup.path, Subject.backup.permission) { await BackupPage.page($0) },
            .form(Subject.backup.path, Subject.backup.permission, BackupPage.make),
            .form("/settings/limits/clear", "settings:write", GuessingAddresses.clear),
            .form("/settings/audit/forget", "audit:delete", AuditPruning.forget),
        ]
        + Subject.allCases.filter { !$0.groups.isEmpty }.flatMap { subject -> [PageRoute] in
            [
                .page(subject.path, subject.permission) { try await SettingsPage.page($0, subject) },
                .form(subject.path, subject.groups[0].writing) { try await SettingsPage.change($0, subject) },
            ]
        }

    /// The first that whoever looks may see.
    private static func first(_ context: PageContext) async throws -> PageResponse {
        let seen = Subject.allCases.first { context.may($0.permission) } ?? .system
        return .go(Link.to(seen.path))
    }

    /// A page with the others beside it.
    static func page(
        _ context: PageContext,
        _ subject: Subject,
        after outcome: FormOutcome = .none,
        _ content: HTML
    ) async -> PageResponse {
        let tabs = Subject.allCases.filter { context.may($0.permission) }.map {
            Tabs.Tab(title: $0.title, address: Link.to($0.path), isCurrent: $0 == subject)
        }
        return await Shell("System Settings", at: .settings).page(
            context, status: outcome.status,
            [Tabs(label: "Settings of", tabs: tabs).html, outcome.notice, content])
    }
}
