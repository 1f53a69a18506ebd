using System.Runtime.InteropServices;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Online;

namespace DistTrain.Protocol.Wire;

/// <summary>What an evaluation asks.</summary>
static class RequestFields
{
    const int FieldCount = 7;

    public static void Request(this ref WireWriter to, EvaluationRequest request)
    {
        to.Fields(FieldCount);
        to.Number((int)request.Kind);
        to.Number((int)request.Part);
        if (request.Batch is { } batch) to.Batch(batch);
        else to.Absent();
        if (request.Mix is { } mix) to.Mix(mix);
        else to.Absent();
        to.Number(request.FirstRankedClass);
        to.Real(request.InverseTemperature);
        if (request.Online is { } online) to.Online(online);
        else to.Absent();
    }

    /// <exception cref="WireException">Something is missing that the kind asks for, or there that it does not have.</exception>
    public static EvaluationRequest Request(this ref WireReader from)
    {
        from.Fields(FieldCount);
        var request = new EvaluationRequest(
            from.Known<EvaluationKind>(), from.Known<DatasetPart>(),
            from.IsAbsent() ? null : from.Batch(), from.IsAbsent() ? null : from.Mix())
        {
            FirstRankedClass = from.Index("The first ranked class"),
            InverseTemperature = from.Real("Inverse temperature"),
            Online = from.IsAbsent() ? null : from.Online(),
        };
        var isWhole = request.Batch is not null == request.Kind is EvaluationKind.Batch
            && request.Mix is not null == request.Kind is EvaluationKind.Entropy
            && request.Online is not null == request.Kind is EvaluationKind.Online
            && request.InverseTemperature > 0;
        return isWhole ? request : throw new WireException($"A request of kind {request.Kind} does not say what that kind asks.");
    }

    static void Batch(this ref WireWriter to, BatchPosition batch)
    {
        to.Fields(4);
        to.Number(batch.Epoch);
        to.Number(batch.Step);
        to.Number(batch.StepsPerEpoch);
        to.Bits(batch.Seed);
    }

    static BatchPosition Batch(this ref WireReader from)
    {
        from.Fields(4);
        var batch = new BatchPosition(from.Index("Epoch"), from.Index("Step"), from.Index("Steps", least: 1), from.Bits());
        return batch.Step < batch.StepsPerEpoch
            ? batch
            : throw new WireException($"Step {batch.Step} of {batch.StepsPerEpoch} in an epoch; steps are numbered from 0.");
    }

    static void Mix(this ref WireWriter to, CertificateMix mix)
    {
        to.Fields(3);
        to.Reals(mix.Given.AsSpan());
        to.Reals(mix.Received.AsSpan());
        to.Real(mix.Observed);
    }

    static CertificateMix Mix(this ref WireReader from)
    {
        from.Fields(3);
        var (given, received, observed) = (from.Reals("Given"), from.Reals("Received"), from.Real("Observed"));
        return given.Length == received.Length && observed is >= 0 and <= 1
            ? new CertificateMix(
                ImmutableCollectionsMarshal.AsImmutableArray(given), ImmutableCollectionsMarshal.AsImmutableArray(received), observed)
            : throw new WireException($"A mix of {given.Length} and {received.Length} classes, or its part {observed} not in [0, 1].");
    }

    static void Online(this ref WireWriter to, OnlinePass pass)
    {
        to.Fields(3);
        to.Penalty(pass.Penalty);
        to.Real(pass.LearningRate);
        to.Number(pass.BatchRows);
    }

    static OnlinePass Online(this ref WireReader from)
    {
        from.Fields(3);
        var pass = new OnlinePass(from.Penalty(), from.Real("Learning rate"), from.Index("Rows between steps", least: 1));
        return pass.LearningRate > 0 ? pass : throw new WireException($"A learning rate of {pass.LearningRate}; expected above 0.");
    }

    static void Penalty(this ref WireWriter to, Penalty penalty)
    {
        var isConstant = new byte[penalty.L2.Length];
        for (var d = 0; d < isConstant.Length; d++) isConstant[d] = penalty.IsConstant(d) ? (byte)1 : (byte)0;
        to.Fields(3);
        to.Reals(penalty.L2);
        to.Reals(penalty.L1);
        to.Bytes(isConstant);
    }

    static Penalty Penalty(this ref WireReader from)
    {
        from.Fields(3);
        var (l2, l1) = (from.Reals("Penalties"), from.Reals("Penalties"));
        var isConstant = from.Bytes(int.MaxValue).Span;
        if (l1.Length != l2.Length || isConstant.Length != l2.Length)
            throw new WireException($"Penalties of {l2.Length}, {l1.Length} and {isConstant.Length} features; expected as many of each.");
        if (l2.Any(lambda => lambda < 0) || l1.Any(lambda => lambda < 0) || isConstant.ContainsAnyExceptInRange((byte)0, (byte)1))
            throw new WireException("A penalty is below 0, or a mark is neither 0 nor 1.");
        return new Penalty(l2, l1, [.. isConstant.ToArray().Select(mark => mark != 0)]);
    }
}
