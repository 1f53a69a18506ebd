using DistTrain.Formats.State;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>States by way of bytes.</summary>
public static class Saved
{
    /// <summary>What <paramref name="write"/> writes, to be read from its beginning.</summary>
    public static MemoryStream Of(Action<StateWriter> write)
    {
        var stream = new MemoryStream();
        write(new StateWriter(stream));
        stream.Position = 0;
        return stream;
    }

    /// <summary>The answer with which a trainer that was saved now would be taken up again.</summary>
    public static TrainerAnswer AndResumed(this ITrainer trainer, SlowEvaluator evaluator, TrainingOptions options)
    {
        using var stream = Of(trainer.Save);
        var resumed = Trainer.Resume(evaluator.Manifest, options, new StateReader(stream));
        Assert.Equal(stream.Length, stream.Position);
        return resumed;
    }
}
