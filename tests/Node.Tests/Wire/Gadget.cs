using System.Runtime.Serialization;
using Akka.Actor;

namespace DistTrain.Node.Tests.Wire;

/// <summary>What an attacker would like to see made on another node: making one is noticed.</summary>
public sealed class Gadget
{
    static int _madeCount;

    /// <summary>How often the name was set, as a reader of JSON does it.</summary>
    public static int MadeCount => _madeCount;

    public string Name
    {
        get;
        set
        {
            Interlocked.Increment(ref _madeCount);
            field = value;
        }
    } = "";
}

/// <summary>An exception whose making from its written form is noticed.</summary>
public sealed class GadgetException : Exception
{
    static int _madeCount;

    public static int MadeCount => _madeCount;

    public GadgetException(string message) : base(message)
    {
    }

    GadgetException(SerializationInfo info, StreamingContext context) => Interlocked.Increment(ref _madeCount);
}

/// <summary>An actor whose making is noticed.</summary>
public sealed class GadgetActor : UntypedActor
{
    static int _madeCount;

    public static int MadeCount => _madeCount;

    public GadgetActor() => Interlocked.Increment(ref _madeCount);

    protected override void OnReceive(object message)
    {
    }
}
