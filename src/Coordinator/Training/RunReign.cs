using DistTrain.Coordinator.Checkpoints;
using DistTrain.Coordinator.Files;
using DistTrain.Coordinator.Runs;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Training;

/// <summary>This process's reign over a run: its folder and the term it has taken there.</summary>
sealed class RunReign
{
    public RunReign(RunFolder folder)
    {
        (Folder, Terms) = (folder, new RunTerms(Disk.Instance, folder.TermsPath));
        Term = Terms.Take($"process {Environment.ProcessId} on {Environment.MachineName}");
        Checkpoints = new CheckpointFolder(Disk.Instance, folder.CheckpointsPath, folder.CheckpointsShown);
    }

    public RunFolder Folder { get; }

    public RunTerms Terms { get; }

    public Term Term { get; }

    public CheckpointFolder Checkpoints { get; }

    /// <summary>To be asked before anything is put into its final place.</summary>
    /// <exception cref="Problems.DistTrainException">DT5002, exit 5: another process goes on with the run.</exception>
    public void RequireHighest() => Terms.RequireHighest(Term);
}
