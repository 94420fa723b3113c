"""The domain: papers, their announcements, how they come in and how they are shown."""
