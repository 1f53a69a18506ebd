using DistTrain.Node.Cluster;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Worker.Cluster;

/// <summary>The sums that a worker holds ready to be fetched: they are large, so they are let go as soon as nobody can want them any more.</summary>
sealed class OfferedSums(BlockExchange exchange)
{
    readonly List<(EvaluationId Evaluation, BlockPassing Sums)> _offered = [];

    /// <summary>Notes what the coordinator has been told of.</summary>
    public void Add(ContributionOffered offered)
    {
        if (offered.Sums.Ticket is not null) _offered.Add((offered.Evaluation, offered.Sums));
    }

    /// <summary>Lets go what belongs to an earlier evaluation.</summary>
    public void WithdrawBefore(EvaluationId evaluation)
    {
        foreach (var old in _offered.Where(one => one.Evaluation.Number < evaluation.Number)) exchange.Withdraw(old.Sums);
        _offered.RemoveAll(one => one.Evaluation.Number < evaluation.Number);
    }

    public void WithdrawAll()
    {
        foreach (var one in _offered) exchange.Withdraw(one.Sums);
        _offered.Clear();
    }
}
