using System.Collections.Immutable;
using System.Security.Cryptography;
using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Formats.Checkpoints;

/// <summary>From a step of a run to the bytes of its checkpoint, and back.</summary>
public static class Checkpoint
{
    /// <summary>The code of a checkpoint that is whole, but of another run or version.</summary>
    public const string ForeignCode = "DT7102";

    /// <summary>The parts of the file, to be written one after the other.</summary>
    public static ImmutableArray<ReadOnlyMemory<byte>> Compose(CheckpointIdentity identity, Term term, StepBoundary boundary)
    {
        using var state = new PagedStream();
        boundary.Trainer.Save(new StateWriter(state));
        var header = new CheckpointHeader(identity, term, boundary.Step, boundary.Epochs, HashOf(boundary.Asked));
        return CheckpointFile.Compose(header, state.ToParts());
    }

    /// <summary>Where the run goes on.</summary>
    /// <param name="file">Can seek; read to its end.</param>
    /// <param name="shown">Its name in messages.</param>
    /// <param name="identity">Of the run as it is now.</param>
    /// <param name="parallel">As for <see cref="Trainer.Resume"/>.</param>
    /// <exception cref="DistTrainException">
    /// DT7101: it is damaged, or of another format. DT7102: it is of another run. Exit 7 both.
    /// </exception>
    public static ResumePoint Resume(
        Stream file, string shown, CheckpointIdentity identity, DatasetManifest manifest, TrainingOptions options,
        IParallelFor? parallel = null)
    {
        var header = CheckpointFile.Read(file, shown);
        if (identity.Objection(header.Identity) is { } objection) throw Foreign(shown, objection).AsException();

        var start = file.Position;
        var first = Restore(file, shown, manifest, options, parallel);
        if (IsAsSaved(first)) return Point();

        // A limit that the run has passed meanwhile: it ends here, and asks for the closing passes where it had asked for the next batch.
        file.Position = start;
        return IsAsSaved(Restore(file, shown, manifest, options with { MaxSteps = null, Epochs = int.MaxValue }, parallel))
            ? Point()
            : throw CheckpointFile.Unusable(shown, "its parameters come out as others than were saved").AsException();

        bool IsAsSaved(TrainerAnswer answer) => HashOf(answer.Question!.Parameters) == header.ParametersSha256;

        ResumePoint Point() => new(first, header.Step, header.Epochs, shown);
    }

    static TrainerAnswer Restore(
        Stream file, string shown, DatasetManifest manifest, TrainingOptions options, IParallelFor? parallel)
    {
        try
        {
            var first = Trainer.Resume(manifest, options, new StateReader(file), parallel);
            return file.Position == file.Length - SHA256.HashSizeInBytes
                ? first
                : throw CheckpointFile.Unusable(shown, "it holds more than its trainer's state").AsException();
        }
        catch (InvalidDataException e)
        {
            throw CheckpointFile.Unusable(shown, e.Message).AsException(e);
        }
    }

    static string HashOf(Parameters parameters) => ParametersHash.Of(parameters.Weights, parameters.Intercepts);

    static Problem Foreign(string shown, string objection) => new(
        ForeignCode, ExitCode.Unreadable, $"{shown}: {objection}", "expected: a checkpoint of this run, of this version")
    {
        File = shown,
    };
}

/// <summary>A run taken up from a checkpoint.</summary>
/// <param name="First">The question that was asked right after the step.</param>
/// <param name="Step">Steps taken before.</param>
/// <param name="Epochs">Passes over the training rows before.</param>
/// <param name="Checkpoint">The checkpoint's name, for people.</param>
public sealed record ResumePoint(TrainerAnswer First, int Step, double Epochs, string Checkpoint);
