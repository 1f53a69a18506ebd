using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DistTrain.Data;
using DistTrain.Data.Samples;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Coordinator.Tests.Cluster;

/// <summary>A sample and how to train on it; trained once without actors, for the bits that every cluster must reach.</summary>
sealed record ClusteredProblem(string Sample, int ShardCount, TrainingOptions Training)
{
    static readonly ConcurrentDictionary<string, string> Hashes = new();

    readonly Lazy<Dataset> _dataset = new(() => DatasetBuilder.Build(
        SampleSpec.Parse(Sample).CreateTable(), null, new DatasetOptions { Shards = ShardCount, ValidationFraction = 0.1 }));

    /// <summary>Dense features, few parameters: everything travels within messages.</summary>
    public static ClusteredProblem Dense { get; } = new(
        "dense,rows=6000,features=6,classes=3,seed=11", 12, new TrainingOptions { MaxSteps = 12, Tolerance = 1e-9 });

    /// <summary>Sparse features by the thousand: numbers travel by ticket.</summary>
    public static ClusteredProblem Preferences { get; } = new(
        "preferences,rows=6000,seed=12", 8, new TrainingOptions { MaxSteps = 6, Tolerance = 1e-9 });

    /// <summary>Small batches of sparse rows: weights are asked for by feature.</summary>
    public static ClusteredProblem SparseBatches { get; } = new(
        "sparse,rows=2000,features=5000,seed=13", 6,
        new TrainingOptions { Optimizer = OptimizerKind.Adagrad, BatchSize = 400, Epochs = 2 });

    /// <summary>Whole passes over many sparse features: parameters and sums both travel by ticket.</summary>
    public static ClusteredProblem ManyFeatures { get; } = new(
        "sparse,rows=2000,features=5000,seed=14", 8, new TrainingOptions { MaxSteps = 6, Tolerance = 1e-9 });

    public Dataset Dataset => _dataset.Value;

    public TrainerAnswer Start() => Trainer.Start(Dataset.Manifest, Training);

    /// <summary>Of the parameters that one thread reaches, shard by shard in order.</summary>
    public string ExpectedHash() => Hashes.GetOrAdd(Sample, _ => HashOf(Reference()));

    public static string HashOf(TrainingResult result) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<double>(result.Parameters.Values)));

    public DatasetOffer OfferFrom(string address) => new(Dataset.Manifest.Fingerprint, new string('0', 64), "/nowhere", [address]);

    TrainingResult Reference()
    {
        var manifest = Dataset.Manifest;
        var computer = new ShardComputer(Dataset, manifest, Training.TargetsOf(manifest));
        return TrainingTrace.Of(Start(), question =>
        {
            var sums = new EvaluationSums(computer.Shape, question.Request.Kind);
            var rows = question.Request.Part == DatasetPart.Training ? manifest.TrainingRows : manifest.ValidationRows;
            foreach (var shard in ShardSet.UpTo(rows.Length)) computer.Compute(question.Request, question.Parameters, shard, sums);
            return sums;
        }).Result;
    }
}
