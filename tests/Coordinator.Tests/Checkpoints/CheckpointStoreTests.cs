using System.Collections.Immutable;
using DistTrain.Coordinator.Checkpoints;
using DistTrain.Coordinator.Tests.Files;
using DistTrain.Formats.Checkpoints;
using DistTrain.Node.Compute;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Coordinator.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    static readonly CheckpointIdentity Identity = new("0.1.0", "arithmetic", "data", ImmutableSortedDictionary<string, string>.Empty);

    readonly ComputeThreads _trainerThread = new("trainer", 1);
    readonly SlowEvaluator _evaluator = new(PlainProblem.Random(seed: 41, rowCount: 30, featureCount: 2, classCount: 2));

    public void Dispose() => _trainerThread.Dispose();

    [Fact]
    public async Task What_is_saved_while_training_goes_on_is_the_step_at_which_it_was_asked_for()
    {
        var options = new TrainingOptions { Optimizer = OptimizerKind.Adam, BatchSize = 10, MaxSteps = 20 };
        var disk = new CrashDisk();
        var terms = new RunTerms(disk, "/run/terms");
        var folder = new CheckpointFolder(disk, "/run/checkpoints", "r/checkpoints") { KeptCount = 100 };
        using var store = new CheckpointStore(folder, terms, terms.Take("test"), new(Identity));
        var answer = Trainer.Start(_evaluator.Manifest, options);
        var (saves, asked) = (new List<Task<long>>(), new Dictionary<int, double[]>());
        while (answer.Question is { } question)
        {
            var (trainer, sums) = (answer.Trainer, _evaluator.Answer(question));
            if (answer.Steps is [var step])
            {
                asked[step.Step] = [.. question.Parameters.Values];
                saves.Add(store.SaveAsync(new StepBoundary(trainer, question.Parameters, step.Step, step.Epochs, trainer.IsClosing), _trainerThread));
            }
            answer = await _trainerThread.Run(_ => trainer.Tell(sums));
        }
        var sizes = await Task.WhenAll(saves);

        Assert.Equal(20, sizes.Length);
        var read = new List<int>();
        folder.Load<object>(
            (file, shown) =>
            {
                var point = Checkpoint.Resume(file, shown, Identity, _evaluator.Manifest, options);
                Assert.Equal(asked[point.Step], point.First.Question!.Parameters.Values);
                read.Add(point.Step);
                throw new IOException("The next one, please.");
            },
            _ => { });
        Assert.Equal(Enumerable.Range(1, 20).Reverse(), read);
    }
}
