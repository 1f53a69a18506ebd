using Akka.Actor;
using DistTrain.Protocol;

namespace DistTrain.Node.Cluster;

/// <summary>
/// One way through a gate: what enters leaves in the same order, though some of it takes time to be made, such as numbers that are fetched.
/// Belongs to one actor, which calls it from its mailbox alone and hands it each <see cref="LaneMade"/> that it is sent.
/// </summary>
/// <remarks>One thing is made at a time, so that a peer never has more than one block on its way. What does not get made in time is lost.</remarks>
/// <param name="self">The actor.</param>
/// <param name="deliver">Passes a message on: what entered, and what was made of it, which is the same where nothing is made.</param>
/// <param name="lose">Told what entered and cannot be passed on, and why.</param>
public sealed class GateLane(IActorRef self, Action<IProtocolMessage, IProtocolMessage> deliver, Action<IProtocolMessage, Exception> lose)
{
    /// <summary>Most messages that wait for the one that is being made; one more is lost.</summary>
    public const int WaitingMax = 4096;

    readonly LinkedList<Entry> _waiting = [];
    Entry? _making;
    CancellationTokenSource? _stop;

    /// <summary>Whether nothing waits or is being made.</summary>
    public bool IsEmpty => _making is null && _waiting.Count == 0;

    /// <summary>Passes a message as it is, after all that entered before.</summary>
    public void Enter(IProtocolMessage message) => Enter(new Entry(message, null, default));

    /// <summary>Passes what is made of a message, after all that entered before.</summary>
    /// <param name="make">Called on the mailbox when its turn comes; long work is done elsewhere.</param>
    /// <param name="deadline">Longest time from then on, above 0.</param>
    public void Enter(IProtocolMessage message, Func<CancellationToken, Task<IProtocolMessage>> make, TimeSpan deadline) =>
        Enter(new Entry(message, make, deadline));

    /// <summary>Passes a message at once, before all that waits.</summary>
    public void Overtake(IProtocolMessage message) => deliver(message, message);

    /// <summary>Takes out what nobody wants any more, also when it is being made.</summary>
    /// <returns>What was taken out, in order.</returns>
    public IReadOnlyList<IProtocolMessage> Remove(Func<IProtocolMessage, bool> isUnwanted)
    {
        var removed = new List<IProtocolMessage>();
        if (_making is { } making && isUnwanted(making.Message))
        {
            removed.Add(making.Message);
            EndMaking();
        }
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            if (isUnwanted(node.Value.Message))
            {
                removed.Add(node.Value.Message);
                _waiting.Remove(node);
            }
            node = next;
        }
        Advance();
        return removed;
    }

    /// <summary>Takes out all; to be called when the actor stops.</summary>
    public IReadOnlyList<IProtocolMessage> Clear() => Remove(_ => true);

    /// <summary>Goes on when something is made, or cannot be.</summary>
    public void Resume(LaneMade made)
    {
        if (made.Lane != this || !ReferenceEquals(made.Entry, _making)) return; // It was taken out meanwhile.
        EndMaking();
        Leave((Entry)made.Entry, made.Message, made.Cause);
        Advance();
    }

    void Enter(Entry entry)
    {
        if (_waiting.Count >= WaitingMax)
        {
            lose(entry.Message, new InvalidOperationException($"{WaitingMax} messages wait already"));
            return;
        }
        _waiting.AddLast(entry);
        Advance();
    }

    void Advance()
    {
        while (_making is null && _waiting.First is { Value: var next })
        {
            _waiting.RemoveFirst();
            if (next.Make is null) deliver(next.Message, next.Message);
            else Begin(next);
        }
    }

    void Begin(Entry entry)
    {
        (_making, _stop) = (entry, new CancellationTokenSource(entry.Deadline));
        var making = Start(entry, _stop.Token);
        if (making.IsCompletedSuccessfully)
        {
            EndMaking();
            Leave(entry, making.Result, cause: null);
            return;
        }
        making.WaitAsync(entry.Deadline).PipeTo(
            self, success: message => new LaneMade(this, entry, message, null), failure: cause => new LaneMade(this, entry, null, cause));
    }

    static Task<IProtocolMessage> Start(Entry entry, CancellationToken stop)
    {
        try
        {
            return entry.Make!(stop);
        }
        catch (Exception cause)
        {
            return Task.FromException<IProtocolMessage>(cause);
        }
    }

    void Leave(Entry entry, IProtocolMessage? made, Exception? cause)
    {
        if (made is not null) deliver(entry.Message, made);
        else lose(entry.Message, cause!);
    }

    void EndMaking()
    {
        _stop!.Cancel();
        _stop.Dispose();
        (_making, _stop) = (null, null);
    }

    sealed record Entry(IProtocolMessage Message, Func<CancellationToken, Task<IProtocolMessage>>? Make, TimeSpan Deadline);
}

/// <summary>To the actor that owns <paramref name="Lane"/>: what entered it is made, or cannot be.</summary>
/// <param name="Entry">Which; for the lane.</param>
/// <param name="Message">What is made; null where it cannot be.</param>
public sealed record LaneMade(GateLane Lane, object Entry, IProtocolMessage? Message, Exception? Cause) : INoSerializationVerificationNeeded;
