using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;
using AkkaLevel = Akka.Event.LogLevel;
using HostLevel = Microsoft.Extensions.Logging.LogLevel;

namespace DistTrain.Node.Hosting;

/// <summary>
/// What actors log, in the host's log: under the name of the type that says it, so that it can be filtered as everything else can.
/// </summary>
/// <remarks>
/// Every attempt to reach a node that is gone, one a second and more, is no news and is left out: that it is gone is told by the cluster, and
/// by those who wait for it.
/// </remarks>
public sealed class AkkaLog : UntypedActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    static readonly string[] Chatter =
        ["AssociationError", "Association with remote system", "Tried to associate with unreachable remote address", "Disassociated"];

    readonly ILoggerFactory _logs;
    readonly Dictionary<Type, ILogger> _loggers = [];

    public AkkaLog() => _logs = Context.System.Settings.Setup.Get<Factory>().Value.Logs;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger: Sender.Tell(new LoggerInitialized()); break;
            case LogEvent said: Write(said); break;
            default: Unhandled(message); break;
        }
    }

    void Write(LogEvent said)
    {
        var (level, text) = (LevelOf(said.LogLevel()), said.Message?.ToString() ?? "");
        var logger = LoggerOf(said.LogClass is { } source && source != typeof(DummyClassForStringSources) ? source : typeof(ActorSystem));
        if (logger.IsEnabled(level) && !IsChatter(text)) logger.Log(level, default, text, said.Cause, static (state, _) => state);
    }

    ILogger LoggerOf(Type type)
    {
        if (!_loggers.TryGetValue(type, out var logger)) _loggers[type] = logger = _logs.CreateLogger(type.FullName ?? type.Name);
        return logger;
    }

    static bool IsChatter(string text) => Chatter.Any(part => text.Contains(part, StringComparison.Ordinal));

    static HostLevel LevelOf(AkkaLevel level) => level switch
    {
        AkkaLevel.DebugLevel => HostLevel.Debug,
        AkkaLevel.InfoLevel => HostLevel.Information,
        AkkaLevel.WarningLevel => HostLevel.Warning,
        _ => HostLevel.Error,
    };

    /// <summary>Gives the host's loggers to an actor system.</summary>
    public sealed class Factory(ILoggerFactory logs) : Setup
    {
        public ILoggerFactory Logs { get; } = logs;
    }
}
