using System.Threading.Channels;
using Akka.Actor;

namespace DistTrain.Node.Tests.Wire;

/// <summary>An actor that keeps what it hears, one after the other, for a test that waits for it.</summary>
sealed class HeardMessages(ChannelWriter<object> heard) : UntypedActor
{
    public const string Name = "heard";

    protected override void OnReceive(object message) => heard.TryWrite(message);
}
